"""Prints the events of binary event logs as evtx_dump's library reads them, and how fast: the judge of src/evtx."""

import json
import sys
import time

from evtx import PyEvtxParser


def records(path):
    for record in PyEvtxParser(path, number_of_threads=1).records_json():
        yield record["data"]


def main():
    mode, *paths = sys.argv[1:]
    for path in paths:
        if mode == "--time":
            started = time.process_time()
            count = sum(1 for _ in records(path))
            print(json.dumps({"count": count, "seconds": time.process_time() - started}))
            continue
        for data in records(path):
            print(json.dumps(json.loads(data)))


main()
