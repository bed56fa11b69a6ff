/*
 * ops.h - the input language of fuzz_telnet and fuzz_pair: what the bytes of
 * an input stand for.  tests/vectors/seed.c writes it, the targets read it.
 *
 * First a byte of flags, then operations: one byte (modulo their number) and
 * its operands.  A string of bytes is one byte of length and that many.  What
 * is missing at the end reads as 0.
 */
#ifndef FUZZ_OPS_H
#define FUZZ_OPS_H

enum fuzz_flag {
	FUZZ_SERVER = 1,
	FUZZ_USUAL = 2,
	FUZZ_SMALL_OUT = 4, /* an out_limit of FUZZ_SMALL_OUT_LIMIT */
	FUZZ_SMALL_SUB = 8, /* a sub_limit of FUZZ_SMALL_SUB_LIMIT */
	FUZZ_VALUES = 16    /* every value is set before all else */
};

#define FUZZ_SMALL_OUT_LIMIT 64
#define FUZZ_SMALL_SUB_LIMIT 16

enum fuzz_op {
	FUZZ_FEED,     /* bytes */
	FUZZ_REQUEST,  /* side, option, on */
	FUZZ_POLICY,   /* side, option, policy */
	FUZZ_SEND,     /* bytes */
	FUZZ_COMMAND,  /* command */
	FUZZ_SUB,      /* option, bytes */
	FUZZ_RAW,      /* bytes */
	FUZZ_TTYPE,    /* bytes, bytes: two names */
	FUZZ_NAWS,     /* cols, rows: two bytes each, big-endian */
	FUZZ_TSPEED,   /* bytes */
	FUZZ_XDISPLOC, /* bytes */
	FUZZ_ENVIRON,  /* kind, bytes, bytes */
	FUZZ_WANT,     /* kind, bytes */
	FUZZ_NEWLINE,  /* which */
	FUZZ_ANSWER,   /* none, yes, no: from now on */
	FUZZ_SENT,     /* how many */
	FUZZ_USUAL_NOW,
	FUZZ_START,
	FUZZ_URGENT,
	FUZZ_SYNCH,
	FUZZ_TIMING_MARK,
	FUZZ_SEND_TTYPE,
	FUZZ_DROP,
	FUZZ_END,
	FUZZ_TRIM,
	FUZZ_RESET,
	FUZZ_ENTER, /* on */
	FUZZ_OPS
};

#endif /* FUZZ_OPS_H */
