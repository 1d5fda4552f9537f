import { registerHooks } from 'node:module';

// Runs an entry of the app under plain Node: `electron` is the stand-in beside this file, everything else is the real thing.
const standIn = new URL('./stand-in.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
// Tells commander that arguments begin behind the script, as under `electron FILE`.
Object.assign(process, { defaultApp: true });
const { becomeReady } = await import('./stand-in.ts');
await import(process.env.TIDEMARK_TEST_ENTRY ?? '');
// As in Electron: ready comes only after the entry has been evaluated, so an entry that awaits it would hang.
await becomeReady();
