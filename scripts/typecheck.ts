import { typeGates } from './gates/gates.ts';
import { printResult, runSteps } from './lib/step.ts';

await runSteps(typeGates(), 2, (result) => {
  printResult(result);
  if (!result.ok) process.exitCode = 1;
});
