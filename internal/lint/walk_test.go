package lint

import "testing"

// A fault in what runs aside reaches whoever asks for the result: only there
// can it be told.
func TestAsideHandsOnPanics(t *testing.T) {
	value := aside(func() int { panic("on purpose") })
	for range 2 {
		func() {
			defer func() {
				if fault := recover(); fault != "on purpose" {
					t.Errorf("the result panics with %v", fault)
				}
			}()
			t.Errorf("the result is %d", value())
		}()
	}
}
