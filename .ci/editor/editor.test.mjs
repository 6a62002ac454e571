// What an editor makes of schemas/bundle.schema.json, asked of the JSON
// language service that VS Code and its relatives run: what it offers at a
// place (|), what it says there, and what it underlines.
//
// npm ci && npm test
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import languageService from "vscode-json-languageservice";

const { getLanguageService, TextDocument } = languageService;
const schemas = new URL("../../schemas/", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("bundle.schema.json", schemas), "utf8"));
const service = getLanguageService({
  schemaRequestService: async (uri) => readFileSync(new URL(uri), "utf8"), // files only
  workspaceContext: { resolveRelativePath: (path, from) => new URL(path, from).href },
});
service.configure({ validate: true, schemas: [{ uri: schema.$id, fileMatch: ["*"], schema }] });

const resource = (type, properties) => `{"resources": {"r": {"type": "${type}", "properties": ${properties}}}}`;
const jobSpec = (properties) => resource("ZIS::JobSpec", properties);
const action = (definition) => resource("ZIS::Action::Http", `{"definition": ${definition}}`);
const state = (state) => resource("ZIS::Flow", `{"definition": {"StartAt": "S", "States": {"S": ${state}}}}`);
const rule = (rule) => state(`{"Type": "Choice", "Choices": [${rule}]}`);

const stateTypes = ["Action", "Choice", "Fail", "Map", "Pass", "Succeed", "Wait"];
const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
const operators = [
  "BooleanEquals", "BooleanEqualsPath", "IsNull", "IsPresent",
  "NumericEquals", "NumericEqualsPath", "NumericGreaterThan", "NumericGreaterThanEquals",
  "NumericGreaterThanEqualsPath", "NumericGreaterThanPath", "NumericLessThan", "NumericLessThanEquals",
  "NumericLessThanEqualsPath", "NumericLessThanPath",
  "StringEquals", "StringEqualsPath", "StringGreaterThan", "StringGreaterThanEquals", "StringLessThan",
  "StringLessThanEquals",
  "TimestampEquals", "TimestampGreaterThan", "TimestampGreaterThanEquals", "TimestampLessThan",
  "TimestampLessThanEquals",
];

// What is offered, sorted; with an ellipsis first, at least these.
const offers = {
  "top level": ["{|}", ["$schema", "description", "name", "resources", "zis_template_version"]],
  "template version": [`{"zis_template_version": |}`, ["2019-10-14"]],
  "resource": [`{"resources": {"r": {|}}}`, ["properties", "type"]],
  "resource type": [`{"resources": {"r": {"type": |}}}`, ["ZIS::Action::Http", "ZIS::Flow", "ZIS::JobSpec"]],
  "job spec": [jobSpec("{|}"), ["event_source", "event_type", "flow_name", "name"]],
  "event source": [jobSpec(`{"event_source": |}`), ["sunshine", "support"]],
  "event type": [jobSpec(`{"event_type": |}`), ["…", "customobject.CustomObjectRecordCreated",
    "organization.OrganizationCreated", "ticket.CommentAdded", "ticket.TicketCreated", "user.UserCreated"]],
  "begun event type": [jobSpec(`{"event_type": "ticket.|"}`), ["…", "ticket.TicketCreated"]],
  "request": [action("{|}"), ["connectionName", "headers", "method", "path", "path.$", "queryParams", "requestBody",
    "requestBody.$", "url", "url.$"]],
  "method": [action(`{"method": |}`), methods],
  "header": [action(`{"headers": [{|}]}`), ["key", "value", "value.$"]],
  "flow": [resource("ZIS::Flow", "{|}"), ["definition", "name"]],
  "state machine": [resource("ZIS::Flow", `{"definition": {|}}`), ["StartAt", "States"]],
  "state": [state("{|}"), ["Comment", "Type"]],
  "state type": [state(`{"Type": |}`), stateTypes],
  "begun state type": [state(`{"Type": "A|"}`), stateTypes],
  "state type in a Map": [state(`{"Type": "Map", "Iterator": {"States": {"I": {"Type": |}}}}`), stateTypes],
  "Action": [state(`{"Type": "Action", |}`), ["ActionName", "Catch", "Comment", "End", "Next", "Parameters",
    "ResultPath", "TimeoutSeconds"]],
  "Action with Next": [state(`{"Type": "Action", "Next": "S", |}`), ["ActionName", "Catch", "Comment", "Parameters",
    "ResultPath", "TimeoutSeconds"]],
  "action name": [state(`{"Type": "Action", "ActionName": |}`), ["zis:common:action:CreateLink",
    "zis:common:action:DeleteLink", "zis:common:action:LoadConfig", "zis:common:action:LoadLinks",
    "zis:common:action:PatchConfig", "zis:common:action:PatchLink", "zis:common:transform:Jq",
    "zis:my_integration:action:my_action"]],
  "End": [state(`{"Type": "Pass", "End": |}`), ["true"]],
  "catcher": [state(`{"Type": "Action", "Catch": [{|}]}`), ["ErrorEquals", "Next", "ResultPath"]],
  "caught error": [state(`{"Type": "Action", "Catch": [{"ErrorEquals": [|]}]}`), ["States.ALL"]],
  "Choice": [state(`{"Type": "Choice", |}`), ["Choices", "Comment", "Default"]],
  "rule": [rule("{|}"), ["And", "Next", "Not", "Or", "Variable"]],
  "rule with Variable": [rule(`{"Variable": "$.a", |}`), ["…", ...operators]],
  "rule with Variable and Next": [rule(`{"Variable": "$.a", | "Next": "S"}`), ["…", ...operators]],
  "operator's value": [rule(`{"Variable": "$.a", "IsPresent": |}`), ["false", "true"]],
  "condition in And": [rule(`{"And": [{"Variable": "$.a", |}]}`), ["…", ...operators]],
  "condition in Not": [rule(`{"Not": {"Variable": "$.a", |}}`), ["…", ...operators]],
  "Map": [state(`{"Type": "Map", |}`), ["Catch", "Comment", "End", "ItemsPath", "Iterator", "Next", "ResultPath"]],
  "Pass": [state(`{"Type": "Pass", |}`), ["Comment", "End", "Next", "Result", "ResultPath"]],
  "Wait": [state(`{"Type": "Wait", |}`), ["Comment", "End", "Next", "Seconds", "SecondsPath"]],
  "Succeed": [state(`{"Type": "Succeed", |}`), ["Comment", "Message"]],
  "Fail": [state(`{"Type": "Fail", |}`), ["Cause", "Comment", "Error"]],
};

for (const [name, [text, want]] of Object.entries(offers)) {
  test(`offers: ${name}`, async () => {
    const { document, position, parsed } = open(text);
    const { items } = await service.doComplete(document, position, parsed);
    const got = items.map((item) => item.label.replace(/^"(.*)"$/, "$1")).sort();
    if (want[0] !== "…") return assert.deepEqual(got, want);
    const missing = want.slice(1).filter((label) => !got.includes(label));
    assert.deepEqual(missing, [], `offered: ${got}`);
  });
}

const explains = {
  "state type": [state(`{"Ty|pe": "Action"}`), /call an action/],
  "action name": [state(`{"Type": "Action", "Action|Name": ""}`), /The action to call/],
  "operator": [rule(`{"Variable": "$.a", "IsPre|sent": true, "Next": "S"}`), /must exist/],
  "event type": [jobSpec(`{"event_|type": ""}`), /never fires/],
};

for (const [name, [text, want]] of Object.entries(explains)) {
  test(`explains: ${name}`, async () => {
    const { document, position, parsed } = open(text);
    const hover = await service.doHover(document, position, parsed);
    assert.match(JSON.stringify(hover?.contents ?? "nothing"), want);
  });
}

test("underlines nothing in a bundle with every field, which names its schema", async () => {
  const file = new URL("testdata/full.json", schemas);
  assert.deepEqual(await underlined(readFileSync(file, "utf8"), file.href), []);
});

const bundle = (states) => `{"zis_template_version": "2019-10-14", "name": "b", "resources": {"f": {"type": "ZIS::Flow",
  "properties": {"name": "f", "definition": {"StartAt": "S", "States": {"S": ${states}}}}}}}`;

// One mistake, one line under it.
const mistakes = {
  "unknown state type": [`{"Type": "Task", "Next": "S"}`, `"Task"`],
  "End: false": [`{"Type": "Pass", "End": false}`, "false"],
  "operator": [`{"Type": "Choice", "Choices": [{"Variable": "$.a", "StringMatches": "*", "Next": "S"}]}`, `"StringMatches"`],
  "error that can't be caught": [`{"Type": "Action", "ActionName": "a", "End": true,
    "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "S"}]}`, `"States.Timeout"`],
};

for (const [name, [text, want]] of Object.entries(mistakes)) {
  test(`underlines: ${name}`, async () => assert.deepEqual(await underlined(bundle(text)), [want]));
}

function open(text) {
  const at = text.indexOf("|");
  const document = TextDocument.create("file:///bundle.json", "json", 1, text.slice(0, at) + text.slice(at + 1));
  return { document, position: document.positionAt(at), parsed: service.parseJSONDocument(document) };
}

async function underlined(text, uri = "file:///bundle.json") {
  const document = TextDocument.create(uri, "json", 1, text);
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  return found.map((f) => document.getText(f.range));
}
