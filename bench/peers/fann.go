//go:build fann

package main

// #cgo CFLAGS: -O2
// #cgo LDFLAGS: -ldoublefann -lm
// #include <doublefann.h>
//
// static struct fann *create(unsigned layers, const unsigned *widths) {
//	struct fann *ann = fann_create_standard_array(layers, widths);
//	fann_set_activation_function_hidden(ann, FANN_SIGMOID);
//	fann_set_activation_function_output(ann, FANN_SIGMOID);
//	fann_set_activation_steepness_hidden(ann, 0.5); // it computes 1/(1 + e^(−2·steepness·z))
//	fann_set_activation_steepness_output(ann, 0.5);
//	fann_set_train_error_function(ann, FANN_ERRORFUNC_LINEAR);
//	fann_set_learning_momentum(ann, 0);
//	return ann;
// }
//
// static void steps(struct fann *ann, struct fann_train_data *data, long k) {
//	for (; k > 0; k--) {
//		if (data->num_data == 1) fann_train(ann, data->input[0], data->output[0]);
//		else fann_train_epoch(ann, data);
//	}
// }
import "C"

import "unsafe"

func init() { programs["fann"] = fannProgram }

// fannProgram takes the steps with FANN compiled for double: by fann_train for a single
// sample, which writes the parameters as it goes, else by fann_train_epoch in the mode
// FANN_TRAIN_BATCH, which divides by the number of samples. FANN keeps the derivative
// of a sigmoid from vanishing by taking it at 0.01 or 0.99 for all that is beyond; the
// tasks stay between.
func fannProgram(t task, o operands) *job {
	if t.n > 0 {
		return nil
	}
	var widths []C.uint
	for _, w := range t.widths {
		widths = append(widths, C.uint(w))
	}
	ann := C.create(C.uint(len(widths)), &widths[0])
	C.fann_set_learning_rate(ann, C.float(rate))
	C.fann_set_training_algorithm(ann, C.FANN_TRAIN_BATCH)
	if t.batch == 1 {
		C.fann_set_training_algorithm(ann, C.FANN_TRAIN_INCREMENTAL)
	}
	data := C.fann_create_train(C.uint(t.batch), C.uint(o.x.Cols), C.uint(o.t.Cols))
	inputs, outputs := unsafe.Slice(data.input, t.batch), unsafe.Slice(data.output, t.batch)
	for s := range t.batch {
		copyTo(inputs[s], o.x.Data[s*o.x.Stride:][:o.x.Cols])
		copyTo(outputs[s], o.t.Data[s*o.t.Stride:][:o.t.Cols])
	}
	weights := unsafe.Slice((*float64)(unsafe.Pointer(ann.weights)), len(o.theta))
	n := t.net()
	eachParam(t.widths, func(fann, l, j, k int) {
		if k < t.widths[l] {
			weights[fann] = n.Weights(o.theta, l).Data[j*t.widths[l]+k]
		} else {
			weights[fann] = n.Biases(o.theta, l)[j]
		}
	})
	return &job{
		run: func(k int) { C.steps(ann, data, C.long(k)) },
		result: func() []float64 {
			theta := make([]float64, len(o.theta))
			eachParam(t.widths, func(fann, l, j, k int) {
				if k < t.widths[l] {
					n.Weights(theta, l).Data[j*t.widths[l]+k] = weights[fann]
				} else {
					n.Biases(theta, l)[j] = weights[fann]
				}
			})
			return theta
		},
	}
}

// eachParam calls f for each parameter in FANN's order, where the bias of a neuron, as
// input k = width of the layer before, follows its weights.
func eachParam(widths []int, f func(fann, l, j, k int)) {
	at := 0
	for l, width := range widths[1:] {
		for j := range width {
			for k := range widths[l] + 1 {
				f(at, l, j, k)
				at++
			}
		}
	}
}

func copyTo(dst *C.fann_type, src []float64) {
	copy(unsafe.Slice((*float64)(unsafe.Pointer(dst)), len(src)), src)
}
