/*
 * script.h - an input in the language of ops.h, read and carried out.
 */
#ifndef FUZZ_SCRIPT_H
#define FUZZ_SCRIPT_H

#include <nvt/telnet.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left of an input; reading past its end gives zeros. */
struct script {
	const uint8_t *p;
	size_t left;
};

struct piece {
	const uint8_t *p;
	size_t len;
};

uint8_t script_byte(struct script *s);
struct piece script_piece(struct script *s);

/* An engine as the flags say, with a client's or server's usual policies. */
struct nvt_telnet *script_engine(uint8_t flags);

/* Every value that an option can be answered with. */
void script_values(struct nvt_telnet *t);

/* Carry out one of the operations that touch nothing but the engine. */
void script_call(struct nvt_telnet *t, int op, struct script *s);

#endif /* FUZZ_SCRIPT_H */
