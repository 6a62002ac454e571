package app

// words are what the page says. It has no other words: {name} is filled in
// with a text of the release, or with what the account said.
func words() map[string]string {
	return map[string]string{
		"loading": "Loading. If this stays, the page's scripts were not run: try another browser, Chrome or Edge 114, Firefox 135, Safari 18.4 or newer.",
		"browser": "This browser is too old to read a bundle without loss. Use Chrome or Edge 114, Firefox 135, Safari 18.4, or newer.",
		"sdk":     "Zendesk's app framework could not be loaded from static.zdassets.com. Allow it, or try again.",
		"outside": "This page works inside Zendesk only: open it from the navigation bar of Zendesk Support.",
		"foreign": "This release is for {subdomain}, and this account is another one, {here}. Nothing is read or written here.",
		"stale":   "This tab holds a release that has been replaced by another one ({version}). Reload Zendesk to get it.",
		"nobody":  "Only an administrator of {subdomain} can apply a release.",

		"looking":   "Reading what {subdomain} runs of {integration} …",
		"ready":     "{subdomain} runs what this plan was made for. Apply does what is listed below.",
		"continue":  "A part of this release is there already. Continue does the rest.",
		"applying":  "Applying. Leave this tab open until it is done.",
		"elsewhere": "Another tab of this browser is applying this release. This one waits for it.",
		"changed":   "{subdomain} runs neither what this plan was made for nor this release: something was changed since. Nothing was written. Plan again, and push the app again. It is about:",

		"there":       "{subdomain} runs this release. There is nothing to do.",
		"done":        "Done: {subdomain} runs this release. It was read back.",
		"differs":     "All of it was accepted and its job specs are on, but the account gives these bundles back in another form. Whether they mean the same is for zis verify to decide:",
		"refused":     "The account refused it, and runs what it ran before.",
		"restored":    "The account refused a part of it. What it ran before was brought back, and read back.",
		"overtaken":   "Somebody else has changed this bundle meanwhile, and it was not uploaded. What else was written of the release was taken back, and read back:",
		"theirs":      "Not all of it was written, and somebody else has changed these bundles meanwhile, so nothing was taken back. Agree with them, then look again:",
		"partly":      "Not all of it was written, and not all of what it ran before could be brought back. Look again, or apply again. It lacks:",
		"replaced":    "The account shows these bundles otherwise than they were sent: somebody else seems to have changed them meanwhile. Agree with them, then look again:",
		"lacks":       "Everything was accepted, but the account does not show it. Look again. It lacks:",
		"unknown":     "The account did not answer, so it is not known whether all was written, and flows may be off. Look again: what is there decides.",
		"unread":      "What the account runs could not be read. Nothing was written.",
		"session":     "The account does not accept this session, or has no integration {integration}. Sign in again, and open this page again.",
		"interrupted": "The account stopped accepting this session in the middle: a part of the release is written, and until the rest is, flows may be off. Sign in again, open this page again, and continue.",
		"said":        "The account said: {said}",

		"button.apply":    "Apply",
		"button.continue": "Continue",
		"button.again":    "Look again",

		"title.plan":    "What it changes",
		"title.on":      "Job specs that are on afterwards",
		"title.off":     "Job specs that are switched off",
		"title.steps":   "Steps",
		"title.former":  "What the account ran before",
		"title.digests": "Digests",
		"former":        "Keep these if you want a way back of your own.",

		"step.read":          "read the account once more",
		"step.upload":        "upload the bundle {name}",
		"step.install":       "install the job spec {name}",
		"step.uninstall":     "uninstall the job spec {name}",
		"step.verify":        "read back",
		"step.verify.pruned": "read back what was switched off",
		"step.verify.back":   "read back the former state",
		"step.back":          "upload the former bundle {name}",
		"step.running":       "{what} …",
		"step.done":          "{what}",
		"step.failed":        "{what}: refused, or not there",
		"step.unknown":       "{what}: no answer",

		"new": "not there",
	}
}
