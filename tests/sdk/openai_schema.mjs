// Checks of Realtime events, made of the types that the package `openai` publishes: no package
// carries OpenAI's OpenAPI file, and these types are generated from it.
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const here = new URL('.', import.meta.url).pathname;

// What a type leaves out (`?`) the API also sends as null: "status_details": null.
function allowNulls(schema) {
  if (Array.isArray(schema)) return schema.map(allowNulls);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, allowNulls(value)]));
  if (schema.type === 'object' && schema.properties) {
    for (const [name, property] of Object.entries(copy.properties)) {
      if (schema.required?.includes(name)) continue;
      copy.properties[name] = { anyOf: [property, { type: 'null' }] };
    }
  }
  return copy;
}

export function validators() {
  const schema = createGenerator({
    path: `${here}realtime_events.ts`,
    tsconfig: `${here}realtime.tsconfig.json`,
    type: '*',
    skipTypeCheck: true,
    additionalProperties: true, // A client ignores fields that it does not know.
  }).createSchema('*');
  const ajv = new Ajv({ strict: false, allErrors: false });
  const server = structuredClone(schema);
  server.definitions = allowNulls(server.definitions);
  ajv.addSchema(schema, 'client');
  ajv.addSchema(server, 'server');
  return {
    client: ajv.compile({ $ref: 'client#/definitions/ClientEvent' }),
    server: ajv.compile({ $ref: 'server#/definitions/ServerEvent' }),
  };
}
