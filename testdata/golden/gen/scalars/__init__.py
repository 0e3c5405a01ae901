"""Scalar functions at chosen points: values, and the float64 nearest to them."""
