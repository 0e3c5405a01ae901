// Reads numbers of the golden vectors, and judges what a network computes.

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

enum { MEMORY = 1 << 18, MAX_ENTRIES = 1 << 14 };

static double memory[MEMORY];
static size_t used;

static _Noreturn void refuse(const char *why) {
    fprintf(stderr, "a test %s\n", why);
    exit(2);
}

double *take(size_t n) {
    if (n > MEMORY - used) refuse("is too large");
    double *p = memory + used;
    used += n;
    return memset(p, 0, n * sizeof *p);
}

void give_back(void) { used = 0; }

// texts stores the strings in nested arrays from to[n] on, and returns n with them.
static size_t texts(const json *v, const char **to, size_t n) {
    if (v->kind == JSON_STRING) {
        if (n == MAX_ENTRIES) refuse("is too large");
        to[n++] = v->string;
    }
    for (const json *m = v->first; m; m = m->next) n = texts(m, to, n);
    return n;
}

double *numbers(const json *v, size_t want) {
    static const char *text[MAX_ENTRIES];
    if (texts(v, text, 0) != want) refuse("has not as many numbers as its network needs");
    double *all = take(want);
    for (size_t i = 0; i < want; i++) all[i] = strtod(text[i], NULL);
    return all;
}

// What is being judged, and what has come of it so far.
typedef struct {
    const json *exact, *scale;
    verdict verdict;
    char *why;
} judgement;

// column judges n numbers by those of two arrays from one on, unless something has failed already.
//
// A double may be off by 2^-53 scale, and by underflow if there is something to lose; besides by
// what the exact result loses as a long double. If that is as much as the value, for all of them,
// then zeros would pass as well, and the verdict is inconclusive.
static void column(judgement *j, const char *name, const json *exact, const json *scale,
                   size_t from, size_t n, const double *got) {
    static const char *exacts[MAX_ENTRIES], *scales[MAX_ENTRIES];
    if (j->verdict == FAIL) return;
    size_t have = texts(exact, exacts, 0);
    if (have < from + n || texts(scale, scales, 0) != have) refuse("has too few results");
    int decides = 0;
    for (size_t i = 0; i < n; i++) {
        long double value = strtold(exacts[from + i], NULL);
        long double allowed = strtold(scales[from + i], NULL) * 0x1p-53L;
        allowed += fabsl(value) * (LDBL_EPSILON / 2);
        if (strcmp(exacts[from + i], "0") != 0) allowed += DBL_MIN;
        if (!(fabsl(got[i] - value) <= allowed)) { // NaN is never within
            snprintf(j->why, MAX_WHY, "%s[%zu] is %.17g, not %s", name, i, got[i],
                     exacts[from + i]);
            j->verdict = FAIL;
            return;
        }
        if (allowed < fabsl(value) || allowed == 0) decides = 1;
    }
    if (!decides && j->verdict == PASS) {
        snprintf(j->why, MAX_WHY, "zeros would pass as %s", name);
        j->verdict = INCONCLUSIVE;
    }
}

static const json *nth(const json *array, int n) {
    const json *m = array->first;
    while (m && n-- > 0) m = m->next;
    if (!m) refuse("has too few results");
    return m;
}

static void units(judgement *j, const char *field, int l, size_t n, const double *got) {
    char name[32];
    snprintf(name, sizeof name, "%s%d", field, l);
    const json *exact = json_get(j->exact, field), *scale = json_get(j->scale, field);
    column(j, name, nth(exact, l), nth(scale, l), 0, n, got);
}

static void field(judgement *j, const char *name, size_t n, const double *got) {
    column(j, name, json_get(j->exact, name), json_get(j->scale, name), 0, n, got);
}

static void parameters(judgement *j, char kind, int l, size_t from, size_t n, const double *grad) {
    char name[32];
    snprintf(name, sizeof name, "%c%d", kind, l);
    column(j, name, json_get(j->exact, "grad"), json_get(j->scale, "grad"), from, n, grad + from);
}

verdict judge(const net *n, const results *got, const json *test, char *why) {
    judgement j = {json_get(test, "exact"), json_get(test, "scale"), PASS, why};
    size_t samples = got->samples;
    // In the order of computation, so that what fails first is what went wrong.
    for (int l = 0; l < n->layers; l++) {
        units(&j, "z", l, samples * n->layer[l].width, got->z[l]);
        units(&j, "a", l, samples * n->layer[l].width, got->a[l]);
    }
    field(&j, "loss", 1, &got->loss);
    for (int l = n->layers - 1; l >= 0; l--)
        units(&j, "delta", l, samples * n->layer[l].width, got->delta[l]);
    for (int l = n->layers - 1; l >= 0; l--) {
        const layer *at = &n->layer[l];
        if (at->has_bias) parameters(&j, 'b', l, at->b, at->width, got->grad);
        parameters(&j, 'W', l, at->W, at->b - at->W, got->grad);
    }
    field(&j, "dx", samples * n->layer[0].inputs, got->dx);
    const json *after = json_get(json_get(test, "step"), "theta");
    const json *scale = json_get(json_get(j.scale, "step"), "theta");
    column(&j, "after", after, scale, 0, n->params, got->after);
    return j.verdict;
}

static double ulp(double v) { return nextafter(fabs(v), INFINITY) - fabs(v); }

// 4 ulp are allowed. sigma(z) - t cancels, so that there 4 ulp of t are, unless t is 0 or 1, where
// it need not.
verdict judge_scalar(const char *function, double got, const json *test, char *why) {
    double nearest = strtod(json_get(test, "nearest")->string, NULL);
    double t = strtod(json_get(test, "t")->string, NULL), unit = ulp(nearest);
    if (strcmp(function, "logit-cross-entropy-derivative") == 0 && t > 0 && t < 1)
        unit = fmax(unit, ulp(t));
    if (got == nearest || (isnan(got) && isnan(nearest))) return PASS;
    if (isfinite(nearest) && fabs(got - nearest) <= 4 * unit) return PASS;
    snprintf(why, MAX_WHY, "is %.17g, not %.17g", got, nearest);
    return FAIL;
}
