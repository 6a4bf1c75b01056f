/*
 * Builds `public/editor.js`: one minified module, what it is made of, and the licences of that. Refuses a bundle that holds two of what must be
 * one (two copies of Yjs corrupt documents silently, two of CodeMirror's state break every extension), and one that is larger than promised.
 *
 * `node build.mjs --check` builds without writing, and fails when what is committed is another.
 */
import { build } from 'esbuild';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const LARGEST_GZIP = 160_000;
const ONE_OF_EACH = ['yjs', '@codemirror/state', '@codemirror/view', 'lib0', 'y-protocols'];
const HERE = new URL('.', import.meta.url), PUBLIC = new URL('../public/', HERE);
const LICENCES = 'editor-licences.txt';

function refuse(message) {
  process.stderr.write(`editor: ${message}\n`);
  process.exit(1);
}

/** The packages in a bundle: where each stands on disk. */
function packagesIn(metafile) {
  const found = new Map();
  for (const [file, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
    const parts = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(file);
    if (parts && bytesInOutput > 0) {
      found.set(parts[1], parts[2]);
    }
  }
  return found;
}

function twice(packages) {
  return ONE_OF_EACH.filter((name) => [...packages.values()].filter((found) => found === name).length !== 1);
}

function licenceOf(folder, name) {
  const { version, license } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, HERE), 'utf8'));
  const file = readdirSync(new URL(`${folder}/`, HERE)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file || license !== 'MIT') {
    refuse(`${name} ${version}: expected an MIT licence with its text, found ${license} and ${file ?? 'no text'}`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(new URL(`${folder}/${file}`, HERE), 'utf8').trim()}\n`;
}

const made = await build({
  absWorkingDir: fileURLToPath(HERE),
  entryPoints: ['src/index.js'],
  outfile: '../public/editor.js',
  bundle: true, minify: true, write: false, metafile: true,
  format: 'esm', target: 'es2022', charset: 'utf8', legalComments: 'none',
  alias: { 'lib0/logging': './src/logging.js' },
  banner: { js: `/* Licences of what is in here: /${LICENCES} */` },
});

const packages = packagesIn(made.metafile);
const wrong = twice(packages);
if (wrong.length > 0) {
  refuse(`expected exactly one of ${wrong.join(', ')}; run npm dedupe and look at npm ls`);
}

const code = made.outputFiles[0].text;
const size = gzipSync(code, { level: 9 }).length;
if (size > LARGEST_GZIP) {
  refuse(`${size} bytes after gzip, ${LARGEST_GZIP} are promised`);
}

const licences = [...packages].sort((one, other) => one[1].localeCompare(other[1])).map(([folder, name]) => licenceOf(folder, name)).join('\n---\n\n');
const files = [['editor.js', code], [LICENCES, licences]];
if (process.argv.includes('--check')) {
  const stale = files.filter(([name, text]) => readFileSync(new URL(name, PUBLIC), 'utf8') !== text);
  if (stale.length > 0) {
    refuse(`public/${stale[0][0]} is not what the sources make: run npm run build`);
  }
} else {
  files.forEach(([name, text]) => writeFileSync(new URL(name, PUBLIC), text));
}
process.stdout.write(`editor.js: ${code.length} bytes, ${size} after gzip (${LARGEST_GZIP} allowed), ${packages.size} packages\n`);
