package expr

// String is the style as one would write it.
func (k PlaceholderKind) String() string {
	styles := [...]string{
		"none", "{{NAME}}", "{{…}}", "{{.path}}", "${$.path}", "NAME_PLACEHOLDER", "YOUR_NAME", "${NAME}", "$NAME", "$(NAME)", "{name}", "%NAME%", "__NAME__",
		"@@NAME@@", "#{NAME}", "[[NAME]]", "<YOUR_NAME>", "<%= NAME %>", "{% NAME %}",
	}
	if int(k) < len(styles) {
		return styles[k]
	}
	return "invalid"
}
