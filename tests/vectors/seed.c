/*
 * seed.c - vectors as inputs for the fuzzers, in the shapes that their targets
 * read: DIR/decoder/NAME, DIR/telnet/NAME, DIR/pair/NAME, DIR/codecs/NAME-N.
 */
#include "../../fuzz/ops.h"
#include "vector.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Longer ones teach a fuzzer nothing and slow it down. */
#define SEED_MAX 4096

static void
write_file(const char *dir, const char *target, const char *name,
    const struct bytes *b)
{
	char path[4096];
	FILE *f;

	if (b->len == 0 || b->len > SEED_MAX)
		return;
	snprintf(path, sizeof(path), "%s/%s", dir, target);
	if (mkdir(path, 0777) != 0 && errno != EEXIST) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	snprintf(path, sizeof(path), "%s/%s/%s", dir, target, name);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(b->data, 1, b->len, f) != b->len ||
	    fclose(f) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
}

static void
add_byte(struct bytes *b, unsigned int value)
{
	uint8_t byte = (uint8_t)value;

	bytes_add(b, &byte, 1);
}

static void
add_string(struct bytes *b, const void *data, size_t len)
{
	if (len > 255)
		len = 255;
	add_byte(b, (unsigned int)len);
	bytes_add(b, data, len);
}

static void
add_word(struct bytes *b, const struct args *a, size_t i)
{
	const char *word = i < a->n_words ? a->words[i] : "";

	add_string(b, word, strlen(word));
}

static void
add_choice(struct bytes *b, const char *word, const char *const *words)
{
	unsigned int i = 0;

	while (words[i] != NULL && strcmp(words[i], word) != 0)
		i++;
	add_byte(b, words[i] == NULL ? 0 : i);
}

static void
add_naws(struct bytes *b, const struct args *a)
{
	struct nvt_naws naws = { 0 };

	if (a->n_words > 0)
		(void)parse_window(a->words[0], &naws);
	add_byte(b, naws.cols >> 8);
	add_byte(b, naws.cols & 0xff);
	add_byte(b, naws.rows >> 8);
	add_byte(b, naws.rows & 0xff);
}

/* Each verb, and its operands as letters of parse_args() or of add_one(). */
static const struct {
	const char *verb;
	enum fuzz_op op;
	const char *operands;
} shapes[] = {
	{ "refuse", FUZZ_POLICY, "so0" },
	{ "accept", FUZZ_POLICY, "so1" },
	{ "ask", FUZZ_POLICY, "so2" },
	{ "decide", FUZZ_POLICY, "so3" },
	{ "usual", FUZZ_USUAL_NOW, "" },
	{ "start", FUZZ_START, "" },
	{ "reset", FUZZ_RESET, "" },
	{ "request", FUZZ_REQUEST, "sof" },
	{ "answer", FUZZ_ANSWER, "a" },
	{ "send", FUZZ_SEND, "b" },
	{ "command", FUZZ_COMMAND, "c" },
	{ "sb", FUZZ_SUB, "ob" },
	{ "raw", FUZZ_RAW, "b" },
	{ "ttype", FUZZ_TTYPE, "xy" },
	{ "naws", FUZZ_NAWS, "z" },
	{ "tspeed", FUZZ_TSPEED, "x" },
	{ "xdisploc", FUZZ_XDISPLOC, "x" },
	{ "environ", FUZZ_ENVIRON, "kxy" },
	{ "want", FUZZ_WANT, "kx" },
	{ "newline", FUZZ_NEWLINE, "l" },
	{ "enter", FUZZ_ENTER, "f" },
	{ "urgent", FUZZ_URGENT, "" },
	{ "synch", FUZZ_SYNCH, "" },
	{ "timing-mark", FUZZ_TIMING_MARK, "" },
	{ "send-ttype", FUZZ_SEND_TTYPE, "" },
	{ "drop", FUZZ_DROP, "" },
	{ "end", FUZZ_END, "" },
	{ "trim", FUZZ_TRIM, "" },
	{ "drain", FUZZ_SENT, "9" },
};

static void
add_one(struct bytes *b, char letter, const struct args *a)
{
	static const char *const answers[] = { "none", "yes", "no", NULL };
	static const char *const newlines[] = { "crlf", "nvt", "raw", NULL };

	if (letter >= '0' && letter <= '8')
		add_byte(b, (unsigned int)(letter - '0'));
	else if (letter == '9')
		add_byte(b, 255);
	else if (letter == 's')
		add_byte(b, a->side == NVT_REMOTE);
	else if (letter == 'o')
		add_byte(b, a->option);
	else if (letter == 'c')
		add_byte(b, a->command);
	else if (letter == 'f')
		add_byte(b, a->on);
	else if (letter == 'k')
		add_byte(b, (unsigned int)a->kind);
	else if (letter == 'b')
		add_string(b, a->bytes.data, a->bytes.len);
	else if (letter == 'x' || letter == 'y')
		add_word(b, a, letter == 'y');
	else if (letter == 'z')
		add_naws(b, a);
	else
		add_choice(b, a->words[0], letter == 'a' ? answers : newlines);
}

static void
add_ask(struct bytes *b, const struct ask *ask)
{
	const char *name = ask_name(ask), *letter;
	size_t i;

	if (strcmp(name, "role") == 0 && ask->args.words[0][0] == 's')
		b->data[0] |= FUZZ_SERVER;
	if (strcmp(name, "limit") == 0)
		b->data[0] |= ask->args.words[0][0] == 's' ? FUZZ_SMALL_SUB :
							     FUZZ_SMALL_OUT;
	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		if (strcmp(shapes[i].verb, name) != 0)
			continue;
		add_byte(b, shapes[i].op);
		for (letter = shapes[i].operands; *letter != '\0'; letter++)
			add_one(b, *letter, &ask->args);
	}
}

static void
add_feed(struct bytes *b, const struct bytes *in)
{
	size_t done, n;

	for (done = 0; done < in->len; done += n) {
		n = in->len - done < 255 ? in->len - done : 255;
		add_byte(b, FUZZ_FEED);
		add_string(b, in->data + done, n);
	}
}

static void
write_script(const struct vector *v, const char *dir, const char *name)
{
	struct bytes b = { 0 };
	size_t i;

	add_byte(&b, 0);
	for (i = 0; i < v->n; i++) {
		if (v->v[i].kind == '$')
			add_ask(&b, &v->v[i].ask);
		else if (v->v[i].kind == '<')
			add_feed(&b, &v->v[i].bytes);
	}
	write_file(dir, "telnet", name, &b);
	bytes_free(&b);
}

/* A byte of flags, a byte that says where to cut, and the stream. */
static void
write_stream(const struct vector *v, const char *dir, const char *name)
{
	struct bytes b = { 0 };
	size_t i;

	add_byte(&b, strncmp(name, "enter", 5) == 0 ? 8 : 0);
	add_byte(&b, 3);
	for (i = 0; i < v->n; i++)
		bytes_add(&b, v->v[i].bytes.data, v->v[i].bytes.len);
	if (b.len > 2)
		write_file(dir, "decoder", name, &b);
	bytes_free(&b);
}

/*
 * What one end asks for, the other asks for next; all is then delivered in
 * pieces.  See fuzz_pair.c for the numbers.
 */
static void
write_pair(const struct vector *v, const char *dir, const char *name)
{
	enum { REQUEST = 0, HEAR = 9 << 1, DELIVERIES = 6 };
	const struct ask *ask;
	struct bytes b = { 0 };
	unsigned int who = 0;
	size_t i;

	add_byte(&b, FUZZ_VALUES);
	add_byte(&b, FUZZ_VALUES | FUZZ_USUAL);
	for (i = 0; i < v->n; i++) {
		ask = &v->v[i].ask;
		if (v->v[i].kind != '$' ||
		    strcmp(ask_name(ask), "request") != 0)
			continue;
		add_byte(&b, REQUEST | who);
		add_one(&b, 's', &ask->args);
		add_one(&b, 'o', &ask->args);
		add_one(&b, 'f', &ask->args);
		who = !who;
	}
	for (i = 0; i < DELIVERIES && b.len > 2; i++) {
		add_byte(&b, HEAR | (i & 1));
		add_byte(&b, (unsigned int)i);
	}
	if (b.len > 2)
		write_file(dir, "pair", name, &b);
	bytes_free(&b);
}

/* The option, then the payload of the subnegotiation. */
static size_t
write_payload(
    const struct bytes *in, size_t at, const char *dir, const char *name)
{
	struct bytes b = { 0 };
	const uint8_t *d = in->data;
	char full[256];
	size_t i = at + 2;

	while (i < in->len) {
		if (d[i] == NVT_CMD_IAC && i + 1 < in->len &&
		    d[++i] != NVT_CMD_IAC)
			break;
		add_byte(&b, d[i++]);
	}
	snprintf(full, sizeof(full), "%s-%zu", name, at);
	write_file(dir, "codecs", full, &b);
	bytes_free(&b);
	return i;
}

static void
write_payloads(const struct vector *v, const char *dir, const char *name)
{
	const struct bytes *in;
	size_t i, at;

	for (i = 0; i < v->n; i++) {
		in = &v->v[i].bytes;
		for (at = 0; at + 4 < in->len; at++)
			if (in->data[at] == NVT_CMD_IAC &&
			    in->data[at + 1] == NVT_CMD_SB)
				at = write_payload(in, at, dir, name);
	}
}

/* The file's name and the title's first words: it stays when lines move. */
static void
name_of(const struct vector *v, char *out, size_t size)
{
	const char *slash = strrchr(v->file, '/');
	const char *base = slash != NULL ? slash + 1 : v->file, *t;
	size_t n;

	snprintf(out, size, "%.*s-", (int)strcspn(base, "."), base);
	for (t = v->title, n = strlen(out); *t != '\0' && n + 1 < size; t++) {
		if (isalnum((unsigned char)*t))
			out[n++] = (char)tolower((unsigned char)*t);
		else if (out[n - 1] != '-')
			out[n++] = '-';
	}
	while (out[n - 1] == '-')
		n--;
	out[n] = '\0';
}

void
write_seeds(const struct vectors *vs, const char *dir)
{
	char name[64];
	size_t i;

	for (i = 0; i < vs->n; i++) {
		name_of(&vs->v[i], name, sizeof(name));
		write_stream(&vs->v[i], dir, name);
		write_script(&vs->v[i], dir, name);
		write_pair(&vs->v[i], dir, name);
		write_payloads(&vs->v[i], dir, name);
	}
}
