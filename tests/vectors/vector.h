/*
 * vector.h - what a vector file holds, and the few steps from there to a
 * verdict: parse, play, compare.  README.md describes the language.
 *
 * A vector is a list of steps.  Each step is something done to the engine and
 * the log that it must leave.  Whoever finds a file malformed says where and
 * exits; whoever runs out of memory aborts.
 */
#ifndef VECTOR_H
#define VECTOR_H

#include <nvt/telnet.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct bytes {
	uint8_t *data;
	size_t len;
	size_t cap;
};

void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_free(struct bytes *b);

/* malloc, realloc and strdup that do not fail. */
void *must_realloc(void *old, size_t size);
char *must_strdup(const char *s);

/* Where a reader is: p moves along one line of the file. */
struct place {
	const char *file;
	int line;
	const char *p;
};

_Noreturn void malformed(const struct place *at, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* bytes.c: the language of `<` and `>` lines. */
void skip_blanks(struct place *at);
size_t word_length(const struct place *at);
bool word_is(const struct place *at, const char *word);
/* Up to the end of the line or a '='.  urgent may be NULL: not allowed. */
void parse_bytes(struct place *at, struct bytes *out, bool *urgent);
void parse_string(struct place *at, struct bytes *out);
void print_bytes(FILE *f, const uint8_t *data, size_t len);
void print_string(FILE *f, const uint8_t *data, size_t len);
void print_hex(FILE *f, const uint8_t *data, size_t len);

/* What happened, or must happen, in order. */
enum entry_kind {
	LOG_OUT,    /* bytes for the peer */
	LOG_URGENT, /* the byte before this one goes urgent */
	LOG_TEXT,   /* bytes from the peer */
	LOG_EVENT   /* what, and detail if it matters */
};

struct entry {
	enum entry_kind kind;
	int line;
	struct bytes bytes;
	char *what;
	char *detail;
};

struct log {
	struct entry *v;
	size_t n;
};

struct entry *log_add(struct log *log, enum entry_kind kind, int line);
void log_bytes(struct log *log, enum entry_kind kind, int line,
    const uint8_t *data, size_t len);
void log_event(struct log *log, int line, const char *what, const char *detail);
void log_append(struct log *to, const struct log *from);
void log_clear(struct log *log);
/* In order, or events and output each in their own order. */
bool log_same(const struct log *want, const struct log *got, bool strict);
void log_print_both(FILE *f, const struct log *want, const struct log *got);

/* args.c: the words of `$` and `!` lines, by a signature of letters. */
#define ARGS_MAX 16

struct args {
	enum nvt_side side;         /* s */
	uint8_t option;             /* o */
	bool has_option;            /* O: may be missing */
	uint8_t command;            /* c */
	enum nvt_environ_kind kind; /* k */
	bool on;                    /* f: on, off, yes, no */
	size_t number;              /* n */
	struct bytes bytes;         /* b: the rest, as bytes */
	char *words[ARGS_MAX];      /* w: one word; W: all that follow */
	size_t n_words;
};

void parse_args(struct place *at, const char *signature, struct args *out);
void args_free(struct args *a);
char *parse_word(struct place *at);
/* "80x24"; false for anything else. */
bool parse_window(const char *text, struct nvt_naws *out);

/* events.c: events as text, expected and real. */
void parse_event(struct place *at, struct log *out);
void log_real_event(struct log *log, const struct nvt_event *ev);

/* ask.c: the verbs of `$` lines. */
struct player;
struct ask {
	const struct verb *verb;
	struct args args;
};
void parse_ask(struct place *at, struct ask *out);
void run_ask(struct player *p, const struct ask *ask);
const char *ask_name(const struct ask *ask);

/* parse.c: a file. */
struct step {
	char kind; /* '<', '$' or '@' */
	int line;
	struct bytes bytes; /* '<' */
	struct ask ask;     /* '$' */
	size_t ms;          /* '@' */
	struct log want;
};

struct vector {
	const char *file;
	int line;
	char *title;
	struct step *v;
	size_t n;
};

struct vectors {
	struct vector *v;
	size_t n;
};

void parse_file(const char *path, struct vectors *out);
void vectors_free(struct vectors *vs);
size_t vector_bytes(const struct vector *v);

/* play.c: one engine under one vector. */
enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

struct player {
	struct nvt_telnet *t;
	struct nvt_telnet_config config;
	bool touched; /* too late for role and limit */
	enum answer answer;
	bool hold;   /* output is not taken */
	bool full;   /* backlog waits for output to go */
	bool by_one; /* output goes byte by byte */
	struct bytes backlog;
	struct log log;
	const struct vector *vector;
	const struct step *step;
	bool failed;
};

void player_begin(struct player *p);
void player_drain(struct player *p, size_t most);
void player_resume(struct player *p);
void player_fail(struct player *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* How many of the ways to play the vector go wrong: 0 or, at the first, 1. */
int play(const struct vector *v);

/* seed.c: the vectors of a file as inputs for the fuzzers, under dir. */
void write_seeds(const struct vectors *vs, const char *dir);

#endif /* VECTOR_H */
