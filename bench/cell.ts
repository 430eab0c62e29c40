/** One cell of the table: one input in batches of one size, many rounds, every stage. */
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { base64Of, batchLines } from './inputs.ts';
import type { Input } from './inputs.ts';
import { measureRound, STAGES } from './stages.ts';
import type { PageCache, Round, Stage } from './stages.ts';
import { digits, median, spread } from './statistics.ts';

export interface StageResult {
  /** Median of the rounds, and the quartiles around it. */
  readonly ns_per_event: number;
  readonly p25: number;
  readonly p75: number;
  /** Median of the ratios of each round to its own JSON.parse. */
  readonly over_json_parse: number;
}

export interface CellResult {
  readonly input: string;
  readonly batch_events: number;
  readonly rounds: number;
  readonly stages: Record<Stage, StageResult>;
  readonly output_bytes_per_event: number;
  readonly objects_per_batch: number;
}

export interface Effort {
  /** Rounds that are not counted: code is compiled while it runs. */
  readonly warmUpRounds: number;
  readonly roundsMin: number;
  /** Events of one round at least: a smaller batch is taken several times, or one measures the clock. */
  readonly roundEventsMin: number;
  /** No new round begins after this time, once there are `roundsMin`. */
  readonly budgetMs: number;
}

/** @param clockMs a clock in milliseconds, for the budget alone */
export async function measureCell(
  input: Input,
  batchEvents: number,
  mapping: CompiledMapping,
  effort: Effort,
  clockMs: () => number,
): Promise<CellResult> {
  const batchesPerRound = Math.max(
    1,
    Math.floor(Math.min(effort.roundEventsMin, input.lines.length) / batchEvents),
  );
  const pageCache: PageCache = new Map();
  const rounds: Round[] = [];
  let endMs = Infinity;
  for (let n = 0; ; n++) {
    if (n === effort.warmUpRounds) endMs = clockMs() + effort.budgetMs;
    if (rounds.length >= effort.roundsMin && clockMs() >= endMs) break;
    const batches = Array.from({ length: batchesPerRound }, (_, i) =>
      base64Of(batchLines(input, batchEvents, n * batchesPerRound + i)),
    );
    const round = await measureRound(batches, mapping, pageCache);
    if (n >= effort.warmUpRounds) rounds.push(round);
  }
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  return {
    input: input.name,
    batch_events: batchEvents,
    rounds: rounds.length,
    stages: stageResults(rounds),
    output_bytes_per_event: digits(sum((round) => round.outputBytes) / sum((round) => round.rows)),
    objects_per_batch: digits(sum((round) => round.objects) / rounds.length / batchesPerRound, 3),
  };
}

function stageResults(rounds: readonly Round[]): Record<Stage, StageResult> {
  const results = STAGES.map((stage) => {
    const times = spread(rounds.map((round) => round.times[stage]));
    const ratios = rounds.map((round) => round.times[stage] / round.times['JSON.parse']);
    const result: StageResult = {
      ns_per_event: digits(times.median),
      p25: digits(times.p25),
      p75: digits(times.p75),
      over_json_parse: digits(median(ratios)),
    };
    return [stage, result] as const;
  });
  return Object.fromEntries(results) as Record<Stage, StageResult>; // true: every stage is in the list
}
