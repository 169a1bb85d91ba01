// Calls CloudTrail as a program with the JavaScript SDK would: endpoint and calls as JSON in the arguments, a line of JSON
// with what came of each of them on the standard output.

import * as sdk from "@aws-sdk/client-cloudtrail";

const [endpoint, calls] = process.argv.slice(2);
const client = new sdk.CloudTrailClient({ endpoint, region: "eu-central-1", maxAttempts: 1 });

for (const [name, input, pageSize] of JSON.parse(calls)) {
  try {
    if (input.StartTime) input.StartTime = new Date(input.StartTime);
    if (pageSize) {
      const pages = [];
      for await (const page of sdk[`paginate${name}`]({ client, pageSize }, input)) pages.push(page.Events);
      console.log(JSON.stringify({ pages }));
    } else {
      const { $metadata, ...answer } = await client.send(new sdk[`${name}Command`](input));
      console.log(JSON.stringify({ answer, is_date: answer.Events?.[0]?.EventTime instanceof Date }));
    }
  } catch (error) {
    const known = error.name in sdk && error instanceof sdk[error.name] && error instanceof sdk.CloudTrailServiceException;
    console.log(JSON.stringify({ error: error.name, message: error.message, known }));
  }
}
