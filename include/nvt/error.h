/*
 * nvt/error.h - what can go wrong, and the version.
 *
 * A function of this library that can fail returns an int: 0 (or, where its
 * contract says so, a count or an index) on success, a negative NVT_ERR_...
 * on failure, with its out-parameters untouched.  What the peer does wrong is
 * never such an error but an event; see nvt/telnet.h.
 */
#ifndef NVT_ERROR_H
#define NVT_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NVT_API __attribute__((visibility("default")))
#else
#define NVT_API
#endif

#define NVT_VERSION "0.1.0"

/* Every error: its name, its number and its text.  The only list there is. */
#define NVT_ERRORS(X)							\
	X(NOMEM,	-1,  "out of memory")				\
	X(ARG,		-2,  "invalid argument")			\
	X(STATE,	-3,  "not possible in this state")		\
	X(FULL,		-4,  "output queue is full")			\
	X(TOO_BIG,	-5,  "larger than the limit")			\
	X(MALFORMED,	-6,  "malformed payload")			\
	X(TIMEOUT,	-7,  "timed out")				\
	X(EOF,		-8,  "connection closed by the peer")		\
	X(RESOLVE,	-9,  "cannot resolve the name")			\
	X(CONNECT,	-10, "cannot connect")				\
	X(IO,		-11, "input/output error")			\
	X(PATTERN,	-12, "invalid pattern")				\
	X(MATCH_LIMIT,	-13, "pattern needs too many steps")		\
	X(CLOSED,	-14, "session is not open")			\
	X(UNSUPPORTED,	-15, "not supported by this build")		\
	X(AGAIN,	-16, "not yet")

enum nvt_error {
#define NVT_ERROR_ENUM(name, number, text) NVT_ERR_##name = number,
	NVT_ERRORS(NVT_ERROR_ENUM)
#undef NVT_ERROR_ENUM
	NVT_OK = 0
};

/* The text of an error number, "no error" for 0; never NULL; static. */
NVT_API const char	*nvt_error_text(int error);

/* The name of an error number, such as "NVT_ERR_TIMEOUT"; never NULL. */
NVT_API const char	*nvt_error_name(int error);

/* The version of the library in use, such as "0.1.0"; static. */
NVT_API const char	*nvt_version(void);

#ifdef __cplusplus
}
#endif

#endif /* NVT_ERROR_H */
