// A real load: processes that do nothing but count, one for each core.

import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';

export class Load {
  private readonly workers: ChildProcess[];

  private constructor(workers: ChildProcess[]) {
    this.workers = workers;
  }

  /** Keeps every core busy for at most `seconds`. A worker ends by itself, so that none outlives a test that was cut short. */
  static start(seconds: number): Load {
    const program = `const end = Date.now() + ${seconds * 1000}; while (Date.now() < end);`;
    const workers = Array.from({ length: availableParallelism() }, () => {
      return spawn(process.execPath, ['--eval', program], { stdio: 'ignore' });
    });
    // Last in the queue: server and browser still get their turn, and the processors are busy all the same.
    for (const worker of workers) if (worker.pid) setPriority(worker.pid, constants.priority.PRIORITY_LOW);
    return new Load(workers);
  }

  stop(): void {
    for (const worker of this.workers) worker.kill('SIGKILL');
  }
}
