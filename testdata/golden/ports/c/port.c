// Judges a network in C by the golden vectors. It needs a C11 compiler; Debian: gcc and libc6-dev.
//
//     cc -std=c11 -O2 -o port port.c network.c judge.c json.c -lm
//     ./port ../../*.json
//
// Prints each verdict that is not a pass, and the number of each. The exit code is 1 if a test
// fails, and 2 for files that cannot be read.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

static const char *const words[] = {"PASS", "INCONCLUSIVE", "FAIL", "SKIPPED"};

static verdict judge_network(const json *group, const json *test, char *why) {
    net n;
    results got;
    verdict v = network(group, test, &n, &got) ? judge(&n, &got, test, why) : SKIPPED;
    give_back();
    return v;
}

static verdict judge_function(const json *group, const json *test, char *why) {
    const char *function = json_get(group, "function")->string;
    const char *argument = json_get(test, "z")->string;
    if (!*argument) argument = json_get(test, "y")->string;
    double value, target = strtod(json_get(test, "t")->string, NULL);
    if (!scalar(function, strtod(argument, NULL), target, &value)) return SKIPPED;
    return judge_scalar(function, value, test, why);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE.json...\n", argv[0]);
        return 2;
    }
    const char *const kinds[] = {"network", "scalar"};
    int count[2][4] = {{0}};
    for (int i = 1; i < argc; i++) {
        const json *groups = json_get(json_read(argv[i]), "groups");
        for (const json *group = groups->first; group; group = group->next) {
            int is_scalar = strcmp(json_get(group, "kind")->string, kinds[1]) == 0;
            for (const json *test = json_get(group, "tests")->first; test; test = test->next) {
                char why[MAX_WHY] = "";
                verdict v = (is_scalar ? judge_function : judge_network)(group, test, why);
                count[is_scalar][v]++;
                if (v != PASS) printf("%s %s: %s\n", words[v], json_get(test, "id")->string, why);
            }
        }
    }
    for (int k = 0; k < 2; k++) {
        const int *c = count[k];
        int all = c[PASS] + c[INCONCLUSIVE] + c[FAIL] + c[SKIPPED];
        printf("C: %d %s tests: %d pass, %d inconclusive, %d fail, %d skipped\n", all, kinds[k],
               c[PASS], c[INCONCLUSIVE], c[FAIL], c[SKIPPED]);
    }
    return count[0][FAIL] + count[1][FAIL] > 0 || count[0][PASS] + count[1][PASS] == 0;
}
