// SPDX-License-Identifier: Apache-2.0
// The Open Inference Protocol over gRPC: a client made by Node's gRPC from the project's own .proto files.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const OPTIONS = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
const TEXT_MODEL = 'all-minilm-l6-v2';
const TEXT = 'water finds its way';

const { inference } = grpc.loadPackageDefinition(
  protoLoader.loadSync('inference/grpc_service.proto', {
    ...OPTIONS,
    includeDirs: [process.env.SLUICE_PROTOS],
  }),
);

const clients = [];
function connect(address, options = {}) {
  const client = new inference.GRPCInferenceService(
    address,
    grpc.credentials.createInsecure(),
    options,
  );
  clients.push(client);
  return client;
}
after(() => clients.forEach((client) => client.close()));

const text = connect(process.env.SLUICE_TEXT_GRPC);
const tensors = connect(process.env.SLUICE_TENSOR_GRPC);

const call = (client, method, request = {}) =>
  new Promise((resolve, reject) => {
    client[method](request, { deadline: Date.now() + 60_000 }, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });

const pairs = (name, rows) => ({ name, datatype: 'FP32', shape: [rows, 2] });
const packed = (values) => Buffer.from(new Float32Array(values).buffer);
const floats = (bytes) => Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));

// An answer holds its tensors raw, or typed where the request was.
function values(answer, output) {
  const index = answer.outputs.findIndex((candidate) => candidate.name === output);
  return answer.raw_output_contents.length > 0
    ? floats(answer.raw_output_contents[index])
    : answer.outputs[index].contents.fp32_contents;
}

const rawSum = (a, b) => ({
  model_name: 'sum',
  inputs: [pairs('a', a.length / 2), pairs('b', b.length / 2)],
  raw_input_contents: [packed(a), packed(b)],
});

test('the server lives, is ready and says what it is', async () => {
  assert.equal((await call(tensors, 'ServerLive')).live, true);
  assert.equal((await call(tensors, 'ServerReady')).ready, true);
  assert.equal((await call(tensors, 'ModelReady', { name: 'sum' })).ready, true);
  const server = await call(tensors, 'ServerMetadata');
  assert.equal(server.name, 'sluice');
  assert.ok(server.extensions.includes('binary_tensor_data'), server.extensions.join());
});

test('metadata tells what a model takes and gives', async () => {
  const sum = await call(tensors, 'ModelMetadata', { name: 'sum' });
  assert.deepEqual(sum.inputs, [
    { name: 'a', datatype: 'FP32', shape: [-1, 2] },
    { name: 'b', datatype: 'FP32', shape: [-1, 2] },
  ]);
  assert.deepEqual(sum.outputs, [{ name: 'sum', datatype: 'FP32', shape: [-1, 2] }]);

  const model = await call(text, 'ModelMetadata', { name: TEXT_MODEL });
  assert.equal(model.inputs.find((input) => input.name === 'text').datatype, 'BYTES');
  assert.deepEqual(
    model.outputs.find((output) => output.name === 'embedding').shape,
    [-1, 384],
  );
});

test('typed contents', async () => {
  const answer = await call(tensors, 'ModelInfer', {
    model_name: 'sum',
    id: 'mine',
    inputs: [
      { ...pairs('a', 2), contents: { fp32_contents: [1, 2, 3, 4] } },
      { ...pairs('b', 2), contents: { fp32_contents: [0.5, 0.25, -3, 1e6] } },
    ],
  });

  assert.equal(answer.id, 'mine');
  assert.equal(answer.model_name, 'sum');
  assert.deepEqual(answer.outputs[0].shape, [2, 2]);
  assert.deepEqual(values(answer, 'sum'), [1.5, 2.25, 0, 1000004]);
});

test('raw contents', async () => {
  const answer = await call(tensors, 'ModelInfer', rawSum([1, 2], [10, 20]));

  assert.deepEqual(values(answer, 'sum'), [11, 22]);
});

test('a stream, answered in order', async () => {
  const stream = tensors.ModelStreamInfer({ deadline: Date.now() + 60_000 });
  for (let i = 0; i < 20; i++) {
    stream.write({ ...rawSum([i, i], [1, 2]), id: `${i}` });
  }
  stream.end();
  const answers = await stream.toArray();

  assert.deepEqual(answers.map((answer) => answer.error_message), Array(20).fill(''));
  answers.forEach(({ infer_response: answer }, i) => {
    assert.equal(answer.id, `${i}`);
    assert.deepEqual(values(answer, 'sum'), [i + 1, i + 2]);
  });
});

test('a text as BYTES, typed and raw, gives the vector that OpenAI clients get', async () => {
  const response = await fetch(`${process.env.SLUICE_HTTP}/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: TEXT_MODEL, input: TEXT }),
  });
  const expected = (await response.json()).data[0].embedding.map(Math.fround);
  const input = { name: 'text', datatype: 'BYTES', shape: [1, 1] };
  const size = Buffer.alloc(4);
  size.writeUInt32LE(Buffer.byteLength(TEXT));

  const typed = await call(text, 'ModelInfer', {
    model_name: TEXT_MODEL,
    inputs: [{ ...input, contents: { bytes_contents: [Buffer.from(TEXT)] } }],
  });
  const raw = await call(text, 'ModelInfer', {
    model_name: TEXT_MODEL,
    inputs: [input],
    raw_input_contents: [Buffer.concat([size, Buffer.from(TEXT)])],
  });

  assert.deepEqual(values(typed, 'embedding').map(Math.fround), expected);
  assert.deepEqual(values(raw, 'embedding'), expected);
});

test('a request in gzip', async () => {
  const zipping = connect(process.env.SLUICE_TENSOR_GRPC, {
    'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
  });
  const a = Array.from({ length: 64 }, (_, i) => i);
  const answer = await call(zipping, 'ModelInfer', rawSum(a, a));

  assert.deepEqual(values(answer, 'sum'), a.map((value) => 2 * value));
});

// The messages of google.rpc, which come beside a status.
const field = (id, type, rule) => ({ id, type, ...(rule && { rule }) });
const details = protoLoader.fromJSON(
  {
    nested: {
      Any: { fields: { type_url: field(1, 'string'), value: field(2, 'bytes') } },
      Status: {
        fields: {
          code: field(1, 'int32'),
          message: field(2, 'string'),
          details: field(3, 'Any', 'repeated'),
        },
      },
      Violation: { fields: { field: field(1, 'string'), description: field(2, 'string') } },
      BadRequest: { fields: { field_violations: field(1, 'Violation', 'repeated') } },
      ErrorInfo: { fields: { reason: field(1, 'string'), domain: field(2, 'string') } },
    },
  },
  OPTIONS,
);

function detail(error, name) {
  const status = details.Status.deserialize(error.metadata.get('grpc-status-details-bin')[0]);
  assert.equal(status.code, error.code);
  const any = status.details.find((one) => one.type_url.endsWith(`/google.rpc.${name}`));
  return details[name].deserialize(any.value);
}

test('an unknown model is NOT_FOUND, with its reason', async () => {
  const request = { ...rawSum([1, 2], [3, 4]), model_name: 'nobody' };
  await assert.rejects(call(tensors, 'ModelInfer', request), (error) => {
    assert.equal(error.code, grpc.status.NOT_FOUND);
    assert.match(error.details, /nobody/);
    assert.deepEqual(detail(error, 'ErrorInfo'), { reason: 'NOT_FOUND', domain: 'sluice' });
    return true;
  });
});

test('a wrong shape is INVALID_ARGUMENT, with the field', async () => {
  const request = rawSum([1, 2], [3, 4]);
  request.inputs[1].shape = [1, 3];
  request.raw_input_contents[1] = packed([1, 2, 3]);
  await assert.rejects(call(tensors, 'ModelInfer', request), (error) => {
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    const [violation] = detail(error, 'BadRequest').field_violations;
    assert.equal(violation.field, 'inputs[b]');
    assert.equal(violation.description, error.details);
    return true;
  });
});
