// What the program reads from the golden vectors and computes for them. See ../../README.md.
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stddef.h>

#include "json.h"

enum { MAX_LAYERS = 16, MAX_WIDTH = 1024 };

typedef struct {
    int inputs, width, has_bias;
    size_t W, b; // where they begin in theta
    double (*value)(double z), (*slope)(double z);
} layer;

typedef struct {
    int layers;
    size_t params;
    layer layer[MAX_LAYERS];
} net;

// Samples are rows, one after the other.
typedef struct {
    int samples;
    double *z[MAX_LAYERS], *a[MAX_LAYERS], *delta[MAX_LAYERS];
    double loss, *grad, *dx, *after;
} results;

typedef enum { PASS, INCONCLUSIVE, FAIL, SKIPPED } verdict;

// network.c

// network computes the results of a test, or returns 0 if it does not have what the group needs.
int network(const json *group, const json *test, net *n, results *got);

// scalar stores the value of a function of an argument and, in the case of a loss, a target. It
// returns 0 if it does not have the function.
int scalar(const char *function, double argument, double target, double *value);

// judge.c

// take returns zeros, and numbers those in nested arrays, which must be as many as are wanted. Both
// exit if they cannot. They are good until give_back, which is for all of them.
double *take(size_t n);
double *numbers(const json *, size_t want);
void give_back(void);

// The verdicts. Unless it is a pass, why has the reason.
enum { MAX_WHY = 200 };
verdict judge(const net *n, const results *got, const json *test, char *why);
verdict judge_scalar(const char *function, double got, const json *test, char *why);

#endif
