// A network with its forward and backward pass, and the functions in it.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

static double identity(double z) { return z; }
static double identity_slope(double z) { return isnan(z) ? z : 1; }
static double relu(double z) { return z > 0 ? z : z <= 0 ? 0 : z; } // NaN is passed on
static double relu_slope(double z) { return z > 0 ? 1 : z <= 0 ? 0 : z; }
static double sigmoid(double z) { return (z < 0 ? exp(z) : 1) / (1 + exp(-fabs(z))); }

static double sigmoid_slope(double z) { // of z: a(1-a) is 0 once a has rounded to 1
    double e = exp(-fabs(z));           // never more than 1
    return e / ((1 + e) * (1 + e));
}

static double tanh_slope(double z) { return 4 * sigmoid_slope(2 * z); }
static double softplus(double z) { return relu(z) + log1p(exp(-fabs(z))); }
static double log_sigmoid(double z) { return -softplus(-z); }

static const struct {
    const char *name;
    double (*value)(double z), (*slope)(double z);
} activations[] = {
    {"identity", identity, identity_slope}, {"sigmoid", sigmoid, sigmoid_slope},
    {"tanh", tanh, tanh_slope},             {"relu", relu, relu_slope},
    {"softplus", softplus, sigmoid},        {"log-sigmoid", log_sigmoid, NULL},
};

static double times(double t, double v) { return t == 0 ? 0 : t * v; } // nothing, also of infinity

// Each loss adds that of a sample to *loss, and stores its derivatives by the outputs in dy.

static void squared(int n, const double *y, const double *t, double *loss, double *dy) {
    for (int j = 0; j < n; j++) {
        dy[j] = y[j] - t[j];
        *loss += dy[j] * dy[j] / 2;
    }
}

static void cross_entropy(int n, const double *y, const double *t, double *loss, double *dy) {
    for (int j = 0; j < n; j++) {
        *loss += -times(t[j], log(y[j])) - times(1 - t[j], log1p(-y[j]));
        dy[j] = t[j] == 0   ? 1 / (1 - y[j])
                : t[j] == 1 ? -1 / y[j]
                            : (y[j] - t[j]) / (y[j] * (1 - y[j]));
    }
}

// log(1+e^y) - ty and sigma(y) - t, where y > 0 without the y and the 1 that may cancel.
static void logit_cross_entropy(int n, const double *y, const double *t, double *loss, double *dy) {
    for (int j = 0; j < n; j++) {
        *loss += times(y[j] > 0 ? 1 - t[j] : -t[j], y[j]) + log1p(exp(-fabs(y[j])));
        dy[j] = y[j] > 0 ? (1 - t[j]) - sigmoid(-y[j]) : sigmoid(y[j]) - t[j];
    }
}

static void softmax_cross_entropy(int n, const double *y, const double *t, double *loss,
                                  double *dy) {
    int top = 0;
    double others = 0, targets = 0; // the sum of e^y is e^top·(1 + others)
    for (int j = 1; j < n; j++)
        if (y[j] > y[top]) top = j;
    for (int j = 0; j < n; j++) {
        dy[j] = exp(y[j] - y[top]);
        if (j != top) others += dy[j];
        targets += t[j];
    }
    for (int j = 0; j < n; j++) {
        *loss += t[j] * (log1p(others) - (y[j] - y[top]));
        dy[j] = targets * (dy[j] / (1 + others)) - t[j];
    }
}

static void cotangent(int n, const double *y, const double *t, double *loss, double *dy) {
    for (int j = 0; j < n; j++) {
        *loss += t[j] * y[j];
        dy[j] = t[j];
    }
}

typedef void loss_function(int n, const double *y, const double *t, double *loss, double *dy);

static const struct {
    const char *name;
    loss_function *loss;
} losses[] = {
    {"squared", squared},
    {"cross-entropy", cross_entropy},
    {"logit-cross-entropy", logit_cross_entropy},
    {"softmax-cross-entropy", softmax_cross_entropy},
    {"none", cotangent},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static loss_function *loss_by_name(const char *name) {
    for (size_t i = 0; i < COUNT(losses); i++)
        if (strcmp(name, losses[i].name) == 0) return losses[i].loss;
    return NULL;
}

static int is_width(double v) { return v >= 1 && v <= MAX_WIDTH; }

// net_of reads the shape of a network. It returns 0 if there is something it does not have.
static int net_of(const json *from, net *n) {
    double width = json_get(from, "inputs")->number;
    *n = (net){0};
    for (const json *l = json_get(from, "layers")->first; l; l = l->next) {
        double inputs = width;
        width = json_get(l, "width")->number;
        if (n->layers == MAX_LAYERS || !is_width(inputs) || !is_width(width)) return 0;
        layer *to = &n->layer[n->layers++];
        to->inputs = (int)inputs;
        to->width = (int)width;
        to->has_bias = json_get(l, "bias")->number != 0;
        to->W = n->params;
        to->b = to->W + (size_t)to->width * to->inputs;
        n->params = to->b + (to->has_bias ? to->width : 0);
        for (size_t i = 0; i < COUNT(activations); i++) {
            if (strcmp(json_get(l, "activation")->string, activations[i].name) == 0) {
                to->value = activations[i].value;
                to->slope = activations[i].slope;
            }
        }
        if (!to->slope) return 0;
    }
    return n->layers > 0;
}

// z = Wa + b, and value(z) is what the next layer takes.
static void forward(const layer *l, const double *theta, const double *a, double *z,
                    double *value) {
    for (int j = 0; j < l->width; j++) {
        z[j] = l->has_bias ? theta[l->b + j] : 0;
        for (int k = 0; k < l->inputs; k++) z[j] += theta[l->W + j * l->inputs + k] * a[k];
        value[j] = l->value(z[j]);
    }
}

// delta = da slope(z); W gets its products with the inputs a, b itself, and below is W'delta.
static void backward(const layer *l, const double *theta, const double *a, const double *z,
                     const double *da, double *delta, double *grad, double *below) {
    for (int j = 0; j < l->width; j++) {
        delta[j] = da[j] * l->slope(z[j]);
        if (l->has_bias) grad[l->b + j] += delta[j];
        for (int k = 0; k < l->inputs; k++) {
            grad[l->W + j * l->inputs + k] += delta[j] * a[k];
            below[k] += theta[l->W + j * l->inputs + k] * delta[j];
        }
    }
}

static int is_frozen(const json *step, char kind, int l) {
    for (const json *m = json_get(step, "frozen")->first; m; m = m->next)
        if (m->string[0] == kind && atoi(m->string + 1) == l) return 1;
    return 0;
}

// descend stores theta - rate grad. Blocks that are frozen stay.
static void descend(const net *n, const json *step, const double *theta, const double *grad,
                    double *after) {
    double rate = strtod(json_get(step, "rate")->string, NULL);
    for (size_t i = 0; i < n->params; i++) after[i] = theta[i] - rate * grad[i];
    for (int l = 0; l < n->layers; l++) {
        size_t W = n->layer[l].W, b = n->layer[l].b;
        size_t end = l + 1 < n->layers ? n->layer[l + 1].W : n->params;
        if (is_frozen(step, 'W', l)) memcpy(after + W, theta + W, (b - W) * sizeof *after);
        if (is_frozen(step, 'b', l)) memcpy(after + b, theta + b, (end - b) * sizeof *after);
    }
}

int network(const json *group, const json *test, net *n, results *got) {
    loss_function *loss = loss_by_name(json_get(group, "loss")->string);
    if (!loss || !net_of(json_get(group, "net"), n)) return 0;
    int samples = 0, last = n->layers - 1;
    int inputs = n->layer[0].inputs, outputs = n->layer[last].width;
    for (const json *row = json_get(test, "x")->first; row; row = row->next) samples++;
    const double *theta = numbers(json_get(test, "theta"), n->params);
    const double *x = numbers(json_get(test, "x"), (size_t)samples * inputs);
    const json *targets = json_get(test, loss == cotangent ? "dy" : "t");
    const double *t = numbers(targets, (size_t)samples * outputs);
    double c = strcmp(json_get(group, "reduction")->string, "mean") == 0 ? 1.0 / samples : 1;
    double l2 = strtod(json_get(group, "l2")->string, NULL);

    got->samples = samples;
    for (int l = 0; l < n->layers; l++) {
        size_t size = (size_t)samples * n->layer[l].width;
        got->z[l] = take(size);
        got->a[l] = take(size);
        got->delta[l] = take(size);
    }
    got->loss = 0;
    got->grad = take(n->params);
    got->dx = take((size_t)samples * inputs);
    got->after = take(n->params);

    for (int s = 0; s < samples; s++) {
        const double *a[MAX_LAYERS + 1] = {x + s * inputs}; // a[l] is what layer l takes
        for (int l = 0; l <= last; l++) {
            size_t at = (size_t)s * n->layer[l].width;
            forward(&n->layer[l], theta, a[l], got->z[l] + at, got->a[l] + at);
            a[l + 1] = got->a[l] + at;
        }
        double *da = take(outputs);
        loss(outputs, a[last + 1], t + s * outputs, &got->loss, da);
        for (int j = 0; j < outputs; j++) da[j] *= c;
        for (int l = last; l >= 0; l--) {
            size_t at = (size_t)s * n->layer[l].width;
            double *below = l ? take(n->layer[l].inputs) : got->dx + s * inputs;
            backward(&n->layer[l], theta, a[l], got->z[l] + at, da, got->delta[l] + at, got->grad,
                     below);
            da = below;
        }
    }
    got->loss *= c;
    for (int l = 0; l <= last; l++) {
        for (size_t i = n->layer[l].W; i < n->layer[l].b; i++) {
            got->loss += l2 / 2 * theta[i] * theta[i];
            got->grad[i] += l2 * theta[i];
        }
    }
    descend(n, json_get(test, "step"), theta, got->grad, got->after);
    return 1;
}

int scalar(const char *function, double argument, double target, double *value) {
    const char *suffix = strstr(function, "-derivative");
    size_t length = suffix ? (size_t)(suffix - function) : strlen(function);
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)length, function);
    for (size_t i = 0; i < COUNT(activations); i++) {
        double (*f)(double) = suffix ? activations[i].slope : activations[i].value;
        if (f && strcmp(name, activations[i].name) == 0) {
            *value = f(argument);
            return 1;
        }
    }
    loss_function *loss = loss_by_name(name);
    if (!loss) return 0;
    double sum = 0, dy;
    loss(1, &argument, &target, &sum, &dy);
    *value = suffix ? dy : sum;
    return 1;
}
