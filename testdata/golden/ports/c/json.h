// A reader of JSON, as small as the golden vectors allow: escapes in strings stay as they are.
#ifndef JSON_H
#define JSON_H

typedef struct json json;

struct json {
    enum { JSON_NULL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } kind;
    double number;      // 0 unless it is one, or true, which is 1
    const char *string; // "" unless it is one
    const json *first;  // member of an array or object, NULL unless there is one
    const char *key;    // in the object that this is a member of
    const json *next;   // member of the array or object that this is in, NULL after the last
};

// json_read returns what is in a file, or exits with the code 2. It is never freed.
const json *json_read(const char *path);

// json_get returns a member of an object, or a null if it has none of that name.
const json *json_get(const json *object, const char *key);

#endif
