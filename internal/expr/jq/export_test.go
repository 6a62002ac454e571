package jq

import "time"

// Hurry lets a program take less time, until the function that it returns is
// called.
func Hurry(most time.Duration) func() {
	maxTime = most
	return func() { maxTime = MaxTime }
}

// Left is how many programs were left behind and are still running.
func Left() int { return int(left.Load()) }
