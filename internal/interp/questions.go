package interp

// questions has a row for each assumption, by its number.
var questions = [assumptions - 1]Question{
	{ConnectionsNeeded, "which connections must exist before a flow starts", []Reading{
		{"flow", "those of the actions that the flow's states name"},
		{"bundle", "those of all actions of the bundle"},
	}},
	{AccountIDSpelling, "what $.accountId is, which samples write", []Reading{
		{"absent", "nothing: the path is $.account_id"},
		{"present", "the same as $.account_id"},
	}},
	{BodyNotObject, "what a webhook does with a body that is JSON but no object", []Reading{
		{"parsed", "$.input is that value"},
		{"refuse", "the body is refused and no flow starts"},
	}},
	{QuotedNames, "whether a path may hold ['name']", []Reading{
		{"accept", "it is the member of that name"},
		{"refuse", "it is no path and fails"},
	}},
	{OnePlaceholder, "what \"x.$\": \"{{$.p}}\" gives, a text that is one placeholder", []Reading{
		{"text", "a text"},
		{"value", "the value as it is"},
	}},
	{StaticText, "whether {{$.p}} under a key without .$ is filled in, in Parameters", []Reading{
		{"static", "no, it stays as it is written"},
		{"filled", "yes"},
	}},
	{TextOfValues, "how null, fractions, objects and arrays are written into a text", []Reading{
		{"json", "as compact JSON"},
		{"text", "as compact JSON, but null as an empty text"},
		{"error", "not at all: the state fails"},
	}},
	{Escaping, "whether what is filled into a URL is percent-encoded", []Reading{
		{"none", "no"},
		{"encoded", "yes"},
	}},
	{BodyPaths, "whether \"x.$\" works in a requestBody, and what a missing {{$.p}} does in a definition", []Reading{
		{"works", "it works, and what is missing fails with \"Error Resolving JSON Params\""},
		{"refused", "\"x.$\" fails with that error in a requestBody, whatever it names"},
		{"forgiving", "it works, and a missing {{$.p}} is an empty text"},
	}},
	{NoResultPath, "where the answer of an Action without ResultPath goes", []Reading{
		{"dropped", "nowhere: $ stays as it was"},
		{"replaces", "it takes the place of all of $"},
	}},
	{PassNoResultPath, "where the Result of a Pass without ResultPath goes", []Reading{
		{"dropped", "nowhere: $ stays as it was"},
		{"replaces", "it takes the place of all of $"},
	}},
	{ThroughScalar, "what a ResultPath through a text, number, array or null does", []Reading{
		{"error", "the state fails"},
		{"replace", "what is in the way is replaced by an object"},
	}},
	{NoParameters, "what an Action without Parameters hands to its action", []Reading{
		{"nothing", "an empty object"},
		{"data", "all of $"},
	}},
	{DefinitionRoot, "whether a definition can read $.account_id and $.integration_key", []Reading{
		{"absent", "no, only the Parameters, $.subdomain and $.zendeskHost"},
		{"present", "yes"},
	}},
	{ContentType, "the Content-Type of a request with a body that sets none", []Reading{
		{"json", "application/json"},
		{"none", "there is none"},
	}},
	{EmptyAnswer, "the result of an answer without a body (204, HEAD)", []Reading{
		{"text", "{\"__httpresponse\": \"\"}"},
		{"object", "{}"},
		{"null", "null"},
	}},
	{Redirects, "whether redirects are followed", []Reading{
		{"error", "no: a status of 3xx fails like any that is not 2xx"},
		{"followed", "yes, by GET"},
	}},
	{ConfigShape, "what LoadConfig gives", []Reading{
		{"bare", "the config itself"},
		{"wrapped", "{\"config\": the config}"},
	}},
	{NoScope, "what LoadConfig and PatchConfig do if there is no such scope", []Reading{
		{"error", "the state fails"},
		{"empty", "it is taken for an empty config, and PatchConfig creates it"},
	}},
	{PatchResult, "what PatchConfig stores at its ResultPath", []Reading{
		{"nothing", "nothing"},
		{"config", "the config as it is then"},
	}},
	{PatchDepth, "how PatchConfig merges objects that both have", []Reading{
		{"shallow", "the new one takes the place of the old"},
		{"deep", "they are merged too"},
	}},
	{LinksShape, "what LoadLinks gives", []Reading{
		{"object", "{\"links\": […], \"meta\": {…}}"},
		{"list", "the list of links"},
	}},
	{DuplicateLink, "what CreateLink does if there is such a link", []Reading{
		{"error", "the state fails"},
		{"existing", "it gives the link that there is"},
	}},
	{PatchLinkResult, "what PatchLink gives", []Reading{
		{"link", "the link, like CreateLink"},
		{"nothing", "nothing"},
	}},
	{JqNothing, "the result of a jq program that gives nothing out", []Reading{
		{"null", "null"},
		{"error", "the state fails"},
	}},
	{JqSeveral, "the result of a jq program that gives several values out", []Reading{
		{"first", "the first"},
		{"array", "an array of all"},
		{"error", "the state fails"},
	}},
	{JqObjectData, "whether data of Jq may be an object instead of a text with JSON", []Reading{
		{"refuse", "no, the state fails"},
		{"accept", "yes"},
	}},
	{NoRule, "what a Choice does if no rule is true and it has no Default", []Reading{
		{"failed", "the run fails"},
		{"succeeded", "the run ends there, well"},
	}},
	{MissingVariable, "what a comparison does with a path that isn't there", []Reading{
		{"false", "it is false"},
		{"error", "the run fails"},
	}},
	{PresentNull, "whether IsPresent is true for null", []Reading{
		{"false", "no"},
		{"true", "yes"},
	}},
	{TooManyItems, "whether the Catch of a Map takes more than 100 items", []Reading{
		{"flow", "no, the flow ends"},
		{"catch", "yes"},
	}},
	{MapResult, "the result of a Map", []Reading{
		{"outputs", "what is left of each iteration's data, in order"},
		{"nothing", "nothing: its ResultPath stays as it is"},
	}},
	{MessagePath, "what a missing path in a Message, Error or Cause does", []Reading{
		{"error", "the state fails"},
		{"empty", "it is an empty text"},
	}},
	{ErrorMember, "whether what a Catch stores has a member Error beside Cause", []Reading{
		{"present", "yes, \"States.TaskFailed\""},
		{"absent", "no"},
	}},
	{CatchOrRepeat, "what comes first after a 429 or 500 in a state with a Catch", []Reading{
		{"repeat", "the flow is repeated, and the Catch takes the last time only"},
		{"catch", "the Catch takes it at once"},
	}},
}
