// SPDX-License-Identifier: Apache-2.0
// OpenAI's own package, as its users call it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from 'openai';

const MODEL = 'all-minilm-l6-v2';
const DIMENSIONS = 384;
const TEXT = 'water finds its way';

// The package's own hook shows what goes over the wire; the request itself is left as it is.
const sent = [];
const client = new OpenAI({
  baseURL: `${process.env.SLUICE_HTTP}/v1`,
  apiKey: 'none',
  maxRetries: 0,
  fetch: (url, init) => {
    sent.push(init.body);
    return fetch(url, init);
  },
});

const embed = (input, more = {}) => client.embeddings.create({ model: MODEL, input, ...more });
const vectors = async (input, more) => (await embed(input, more)).data.map((item) => item.embedding);
const texts = (count) => Array.from({ length: count }, (_, i) => `${i}${' drops'.repeat(1 + (i % 8))}`);
const length = (vector) => Math.hypot(...vector);

// Floats in decimal are the shortest that name the same float32; rounding to float32 finds it again.
const rounded = (vector) => vector.map(Math.fround);

// A text's vector moves by a few of its last bits with the padding of its batch.
function assertClose(actual, expected) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-5, `component ${i}`));
}

test('base64, which is the default, and float give the same vectors', async () => {
  const [packed] = await vectors(TEXT);
  assert.equal(JSON.parse(sent.at(-1)).encoding_format, 'base64');
  const [plain] = await vectors(TEXT, { encoding_format: 'float' });
  assert.equal(JSON.parse(sent.at(-1)).encoding_format, 'float');

  assert.equal(packed.length, DIMENSIONS);
  assert.ok(Math.abs(length(packed) - 1) < 1e-5);
  assert.deepEqual(packed, rounded(plain));
});

test('an asked-for base64 stays a string', async () => {
  const [packed] = await vectors(TEXT, { encoding_format: 'base64' });
  const [plain] = await vectors(TEXT);
  const bytes = Buffer.from(packed, 'base64');
  const floats = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));

  assert.deepEqual(floats, plain);
});

test('arrays of texts come back in order, with model and usage', async () => {
  const answer = await embed(['one', 'two words', 'three words here']);

  assert.equal(answer.object, 'list');
  assert.equal(answer.model, MODEL);
  assert.deepEqual(answer.data.map((item) => item.index), [0, 1, 2]);
  // Two tokens stand around the words of each text.
  assert.deepEqual(answer.usage, { prompt_tokens: 12, total_tokens: 12 });
  assertClose(answer.data[2].embedding, (await vectors('three words here'))[0]);
});

test('token ids, one input and several', async () => {
  const water = [101, 2300, 102];
  const [one] = await vectors(water);
  const [first, second] = await vectors([water, [101, 102]]);

  assert.deepEqual(one, (await vectors('water'))[0]);
  assertClose(first, one);
  assert.notDeepEqual(second, first);
});

test('fewer dimensions are the first ones, scaled to length 1', async () => {
  const [all] = await vectors(TEXT);
  const [some] = await vectors(TEXT, { dimensions: 64 });
  const cut = all.slice(0, 64);

  assert.equal(some.length, 64);
  assertClose(some, cut.map((value) => value / length(cut)));
});

test('more inputs than a model batch takes, and the most that one request may hold', async () => {
  const many = texts(2048);
  const answer = await embed(many);

  assert.deepEqual(answer.data.map((item) => item.index), many.map((_, i) => i));
  for (const i of [0, 777, 2047]) {
    assertClose(answer.data[i].embedding, (await vectors(many[i]))[0]);
  }
  await assert.rejects(embed([...many, 'one more']), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.match(error.message, /at most 2048/);
    return true;
  });
});

test('models are listed and retrieved', async () => {
  const names = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, 'model');
    names.push(model.id);
  }

  assert.deepEqual(names, [MODEL]);
  assert.equal((await client.models.retrieve(MODEL)).id, MODEL);
  await assert.rejects(client.models.retrieve('nobody'), NotFoundError);
});

test('an unknown model is a NotFoundError', async () => {
  await assert.rejects(client.embeddings.create({ model: 'nobody', input: TEXT }), (error) => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.status, 404);
    assert.equal(error.code, 'model_not_found');
    assert.match(error.message, /nobody/);
    assert.ok(error.requestID);
    return true;
  });
});

for (const [what, input, more, param] of [
  ['an empty text', '', {}, 'input'],
  ['no inputs', [], {}, 'input'],
  ['dimensions that the model has not', TEXT, { dimensions: DIMENSIONS + 1 }, 'dimensions'],
  ['an unknown encoding', TEXT, { encoding_format: 'hex' }, 'encoding_format'],
  ['a token beyond the vocabulary', [101, 30522, 102], {}, 'input'],
]) {
  test(`${what}: a BadRequestError that names ${param}`, async () => {
    await assert.rejects(embed(input, more), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.equal(error.status, 400);
      assert.equal(error.type, 'invalid_request_error');
      assert.ok(error.param.startsWith(param), error.param);
      assert.match(error.message, new RegExp(`${param}|token`));
      return true;
    });
  });
}

async function metric(series) {
  const scrape = await (await fetch(`${process.env.SLUICE_ADMIN}/metrics`)).text();
  const line = scrape.split('\n').find((candidate) => series.test(candidate));
  return Number(line.slice(line.lastIndexOf(' ') + 1));
}

async function until(series, wanted) {
  while (!wanted(await metric(series))) {
    // The next scrape may say so.
  }
}

test('an abort withdraws the request', { timeout: 120_000 }, async () => {
  const inFlight = /^sluice_requests_in_flight\{/;
  const cancelled = /^sluice_requests_total\{.*outcome="cancelled"/;
  const before = await metric(cancelled);
  const controller = new AbortController();
  // A minute of work, of which little is done.
  const answer = client.embeddings.create(
    { model: MODEL, input: texts(2048).map((text) => text.padEnd(1000, ' over and over')) },
    { signal: controller.signal },
  );
  const aborted = assert.rejects(answer, APIUserAbortError);
  await until(inFlight, (count) => count === 1);
  controller.abort();
  await aborted;
  await until(inFlight, (count) => count === 0);

  assert.equal(await metric(cancelled), before + 1);
  assert.equal((await vectors(TEXT))[0].length, DIMENSIONS);
});
