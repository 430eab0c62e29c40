"""Prints the events of binary event logs as evtx_dump's library reads them, and how fast: the judge of src/evtx."""

import json
import sys
import time

from evtx import PyEvtxParser

EXACT_MAX = 2**53 - 1


def records(path):
    for record in PyEvtxParser(path, number_of_threads=1).records_json():
        yield record["data"]


def members(pairs):
    """A name that stands twice gets a number, which json.loads would drop all but the last value of."""
    result = {}
    for name, value in pairs:
        free, number = name, 0
        while free in result:
            number += 1
            free = f"{name}_{number}"
        result[free] = value
    return result


def integer(digits):
    """Text, where a JSON reader of JavaScript would round."""
    value = int(digits)
    return value if abs(value) <= EXACT_MAX else digits


def main():
    mode, *paths = sys.argv[1:]
    for path in paths:
        if mode == "--time":
            started = time.process_time()
            count = sum(1 for _ in records(path))
            print(json.dumps({"count": count, "seconds": time.process_time() - started}))
            continue
        for data in records(path):
            print(json.dumps(json.loads(data, object_pairs_hook=members, parse_int=integer)))


main()
