// Package weights reads the trained weights of dense networks from the files of other
// frameworks, safetensors, NPZ and NPY, as a mlp.Net and its θ; and writes golden
// vectors and networks as NPZ, for any framework to replay.
//
// Which tensor is what is never guessed. A Layer names its tensors, and an Orientation
// says how their matrices lie, which no shape can tell of a square one:
//
//	var s weights.Set
//	err := s.ReadFile("model.safetensors")
//	…
//	net, theta, err := s.Network(weights.OutIn,
//		weights.Layer{Weights: "0.weight", Biases: "0.bias", Activation: activation.Tanh{}},
//		weights.Layer{Weights: "2.weight", Biases: "2.bias", Activation: activation.Identity{}})
//
// A gradient that the framework saved under the names of its parameters comes into the
// order of θ the same way, by the Network of a Set of its own, and touchstone.Judge
// compares it with the exact one.
//
// Numbers are widened to float64 exactly, whatever they were stored as; an integer that
// no float64 is, is an error. NaN and Inf are numbers: they are read as they are, and
// propagate. Arrays of Python objects, which are programs for a virtual machine
// (pickle), are never executed and always an error, and so are names that occur
// twice, files that end too early or too late, wrong checksums, arrays that are encrypted,
// and everything else that a file may not have. What is not asked for is not decoded, and
// may be of any type. The files of an archive are those that its directory has: what may
// be ahead of them and between them is passed over, and what else they are called.
package weights
