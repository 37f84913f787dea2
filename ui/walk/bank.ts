// A demonstration bank of its own for the walks, served on a free port, and gone afterwards.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const DATA = join(ROOT, 'testdata/amlsim/20K_cycle200');

/** The program that was built last, or the one that is named. */
function program(): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
  const named = process.env.PIAOHAO_PROGRAM;
  const all = named ? [named] : ['release', 'debug'].map((one) => join(target, one, 'piaohao'));
  const found = all.find((path) => existsSync(path));
  if (!found) throw new Error(`no program at ${all.join(' or ')}: build it first`);
  return found;
}

export default async function bank(): Promise<() => Promise<void>> {
  const piaohao = program();
  const folder = mkdtempSync(join(tmpdir(), 'piaohao-walk-'));
  const home = join(folder, 'home');
  execFileSync(piaohao, ['demo', '--data', DATA, '--home', home, '--days', '2'], {
    stdio: 'ignore',
  });
  // The walks sign in more often in a minute than people at one counter do.
  appendFileSync(join(home, 'piaohao.toml'), '\n[serve.limits]\nsign_ins = 10000\n');
  const serving = spawn(piaohao, ['--home', home, 'serve', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((done) => serving.once('exit', () => done()));
  process.env.WALK_URL = await new Promise<string>((found, lost) => {
    let said = '';
    serving.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const address = /http:\/\/[\d.]+:\d+/.exec(said)?.[0];
      if (address) found(address);
    });
    serving.once('exit', () => lost(new Error(`the bank was not served: ${said}`)));
  });
  return async () => {
    serving.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}
