module neuron

go 1.24.0
