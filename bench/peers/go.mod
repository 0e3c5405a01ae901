module touchstone/bench/peers

go 1.24.0

require (
	gonum.org/v1/gonum v0.17.0
	touchstone v0.0.0
)

replace touchstone => ../..
