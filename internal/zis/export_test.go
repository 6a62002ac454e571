package zis

// Limits are all of them.
func Limits() []Limit {
	return []Limit{
		MapItems, FlowSeconds, Transitions, FlowRuns, ActionPayload, WebhookPayload, PageSize,
		IntegrationName, ActionName, OtherName, ConnectionName, LinkName,
	}
}
