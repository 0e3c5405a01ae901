#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

typedef struct {
    const char *path;
    char *begin, *at; // of the text, which ends with a 0 and is cut into strings in place
    json *node;       // the next that is not used; there is one for each value
} reader;

static _Noreturn void refuse(const reader *r, const char *why) {
    fprintf(stderr, "%s: %s at byte %ld\n", r->path, why, (long)(r->at - r->begin));
    exit(2);
}

static char next(reader *r) { // the character after white space
    r->at += strspn(r->at, " \t\r\n");
    return *r->at;
}

static void skip(reader *r, char want) {
    if (next(r) != want) refuse(r, "unexpected character");
    r->at++;
}

static const char *string(reader *r) {
    skip(r, '"');
    char *start = r->at;
    for (; *r->at != '"'; r->at++) {
        if (*r->at == '\\' && r->at[1]) r->at++;
        if (!*r->at) refuse(r, "string without end");
    }
    *r->at++ = 0;
    return start;
}

static json *value(reader *r, int depth);

static void members(reader *r, json *in, char close, int depth) {
    if (depth == MAX_DEPTH) refuse(r, "too deep");
    const json **link = &in->first;
    r->at++;
    if (next(r) != close) {
        for (;;) {
            const char *key = NULL;
            if (in->kind == JSON_OBJECT) {
                key = string(r);
                skip(r, ':');
            }
            json *member = value(r, depth + 1);
            member->key = key;
            *link = member;
            link = &member->next;
            if (next(r) != ',') break;
            r->at++;
        }
    }
    skip(r, close);
}

static int word(reader *r, const char *w) {
    size_t n = strlen(w);
    return strncmp(r->at, w, n) == 0 ? (r->at += n, 1) : 0;
}

static json *value(reader *r, int depth) {
    json *v = r->node++;
    char c = next(r);
    v->string = "";
    if (c == '{') {
        v->kind = JSON_OBJECT;
        members(r, v, '}', depth);
    } else if (c == '[') {
        v->kind = JSON_ARRAY;
        members(r, v, ']', depth);
    } else if (c == '"') {
        v->kind = JSON_STRING;
        v->string = string(r);
    } else if (word(r, "null")) {
        v->kind = JSON_NULL;
    } else {
        v->kind = JSON_NUMBER;
        if (word(r, "true")) {
            v->number = 1;
        } else if (!word(r, "false")) {
            char *end;
            if (!strchr("-0123456789", c) || !c) refuse(r, "unexpected character");
            v->number = strtod(r->at, &end);
            r->at = end;
        }
    }
    return v;
}

const json *json_read(const char *path) {
    reader r = {.path = path};
    FILE *f = fopen(path, "rb");
    long size = -1;
    if (f && fseek(f, 0, SEEK_END) == 0) size = ftell(f);
    if (size >= 0) r.begin = r.at = calloc(size + 1, 1);
    if (!r.begin || fseek(f, 0, SEEK_SET) || fread(r.begin, 1, size, f) != (size_t)size) {
        perror(path);
        exit(2);
    }
    fclose(f);

    size_t values = 1; // and one after each of these
    for (long i = 0; i < size; i++) values += r.begin[i] && strchr("[{,:", r.begin[i]);
    r.node = calloc(values, sizeof *r.node);
    if (!r.node) refuse(&r, "out of memory");
    const json *v = value(&r, 0);
    if (next(&r)) refuse(&r, "more after the end");
    return v;
}

const json *json_get(const json *object, const char *key) {
    static const json null = {.kind = JSON_NULL, .string = ""};
    if (object->kind == JSON_OBJECT)
        for (const json *m = object->first; m; m = m->next)
            if (strcmp(m->key, key) == 0) return m;
    return &null;
}
