import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { processTableContract } from './process-table.contract.ts';

processTableContract('memoryProcessTable', { open: (options) => ({ table: memoryProcessTable(options) }) });
