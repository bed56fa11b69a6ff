/*
 * nvt/wire.h - the bytes of Telnet: names, decoder, encoder, payload codecs.
 *
 * Nothing here negotiates, blocks, reads a clock or touches a descriptor.
 * The decoder takes bytes from the peer and hands back items: spans of text
 * in the caller's own buffer, commands, negotiations, subnegotiations.  The
 * encoder and the codecs write into buffers of the caller's.  Most programs
 * want nvt/telnet.h, which answers the peer as well.
 */
#ifndef NVT_WIRE_H
#define NVT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nvt/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Commands: the byte after IAC.  RFC 854; EOF, SUSP and ABORT are RFC 1184's,
 * EOR is RFC 885's.
 */
#define NVT_COMMANDS(X)							\
	X(EOF,	236, "end of file")					\
	X(SUSP,	237, "suspend process")					\
	X(ABORT, 238, "abort process")					\
	X(EOR,	239, "end of record")					\
	X(SE,	240, "end of subnegotiation")				\
	X(NOP,	241, "no operation")					\
	X(DM,	242, "data mark")					\
	X(BRK,	243, "break")						\
	X(IP,	244, "interrupt process")				\
	X(AO,	245, "abort output")					\
	X(AYT,	246, "are you there")					\
	X(EC,	247, "erase character")					\
	X(EL,	248, "erase line")					\
	X(GA,	249, "go ahead")					\
	X(SB,	250, "subnegotiation")					\
	X(WILL,	251, "will")						\
	X(WONT,	252, "won't")						\
	X(DO,	253, "do")						\
	X(DONT,	254, "don't")						\
	X(IAC,	255, "interpret as command")

enum nvt_command {
#define NVT_COMMAND_ENUM(name, code, text) NVT_CMD_##name = code,
	NVT_COMMANDS(NVT_COMMAND_ENUM)
#undef NVT_COMMAND_ENUM
	NVT_CMD_NONE = 0
};

/*
 * Options: IANA's registry "Telnet Options", and those that MUDs agreed on.
 * Identifier, code, name as printed, where it is specified.
 */
#define NVT_OPTIONS(X)							\
	X(BINARY,	0,   "BINARY",		"RFC 856")		\
	X(ECHO,		1,   "ECHO",		"RFC 857")		\
	X(RCP,		2,   "RCP",		"NIC 15391")		\
	X(SGA,		3,   "SGA",		"RFC 858")		\
	X(NAMS,		4,   "NAMS",		"NIC 15393")		\
	X(STATUS,	5,   "STATUS",		"RFC 859")		\
	X(TIMING_MARK,	6,   "TIMING-MARK",	"RFC 860")		\
	X(RCTE,		7,   "RCTE",		"RFC 726")		\
	X(NAOL,		8,   "NAOL",		"NIC 20196")		\
	X(NAOP,		9,   "NAOP",		"NIC 20197")		\
	X(NAOCRD,	10,  "NAOCRD",		"RFC 652")		\
	X(NAOHTS,	11,  "NAOHTS",		"RFC 653")		\
	X(NAOHTD,	12,  "NAOHTD",		"RFC 654")		\
	X(NAOFFD,	13,  "NAOFFD",		"RFC 655")		\
	X(NAOVTS,	14,  "NAOVTS",		"RFC 656")		\
	X(NAOVTD,	15,  "NAOVTD",		"RFC 657")		\
	X(NAOLFD,	16,  "NAOLFD",		"RFC 658")		\
	X(XASCII,	17,  "XASCII",		"RFC 698")		\
	X(LOGOUT,	18,  "LOGOUT",		"RFC 727")		\
	X(BM,		19,  "BM",		"RFC 735")		\
	X(DET,		20,  "DET",		"RFC 1043")		\
	X(SUPDUP,	21,  "SUPDUP",		"RFC 736")		\
	X(SUPDUP_OUTPUT, 22, "SUPDUP-OUTPUT",	"RFC 749")		\
	X(SNDLOC,	23,  "SNDLOC",		"RFC 779")		\
	X(TTYPE,	24,  "TTYPE",		"RFC 1091")		\
	X(EOR,		25,  "EOR",		"RFC 885")		\
	X(TUID,		26,  "TUID",		"RFC 927")		\
	X(OUTMRK,	27,  "OUTMRK",		"RFC 933")		\
	X(TTYLOC,	28,  "TTYLOC",		"RFC 946")		\
	X(3270_REGIME,	29,  "3270-REGIME",	"RFC 1041")		\
	X(X3_PAD,	30,  "X3-PAD",		"RFC 1053")		\
	X(NAWS,		31,  "NAWS",		"RFC 1073")		\
	X(TSPEED,	32,  "TSPEED",		"RFC 1079")		\
	X(LFLOW,	33,  "LFLOW",		"RFC 1372")		\
	X(LINEMODE,	34,  "LINEMODE",	"RFC 1184")		\
	X(XDISPLOC,	35,  "XDISPLOC",	"RFC 1096")		\
	X(OLD_ENVIRON,	36,  "OLD-ENVIRON",	"RFC 1408")		\
	X(AUTH,		37,  "AUTH",		"RFC 2941")		\
	X(ENCRYPT,	38,  "ENCRYPT",		"RFC 2946")		\
	X(NEW_ENVIRON,	39,  "NEW-ENVIRON",	"RFC 1572")		\
	X(TN3270E,	40,  "TN3270E",		"RFC 2355")		\
	X(XAUTH,	41,  "XAUTH",		"IANA")			\
	X(CHARSET,	42,  "CHARSET",		"RFC 2066")		\
	X(RSP,		43,  "RSP",		"IANA")			\
	X(COM_PORT,	44,  "COM-PORT",	"RFC 2217")		\
	X(SLE,		45,  "SLE",		"IANA")			\
	X(START_TLS,	46,  "START-TLS",	"IANA")			\
	X(KERMIT,	47,  "KERMIT",		"RFC 2840")		\
	X(SEND_URL,	48,  "SEND-URL",	"IANA")			\
	X(FORWARD_X,	49,  "FORWARD-X",	"IANA")			\
	X(MSDP,		69,  "MSDP",		"MUD")			\
	X(MSSP,		70,  "MSSP",		"MUD")			\
	X(MCCP1,	85,  "MCCP1",		"MUD")			\
	X(MCCP2,	86,  "MCCP2",		"MUD")			\
	X(MCCP3,	87,  "MCCP3",		"MUD")			\
	X(MSP,		90,  "MSP",		"MUD")			\
	X(MXP,		91,  "MXP",		"MUD")			\
	X(ZMP,		93,  "ZMP",		"MUD")			\
	X(AARDWOLF,	102, "AARDWOLF",	"MUD")			\
	X(PRAGMA_LOGON,	138, "PRAGMA-LOGON",	"IANA")			\
	X(SSPI_LOGON,	139, "SSPI-LOGON",	"IANA")			\
	X(PRAGMA_HEARTBEAT, 140, "PRAGMA-HEARTBEAT", "IANA")		\
	X(ATCP,		200, "ATCP",		"MUD")			\
	X(GMCP,		201, "GMCP",		"MUD")			\
	X(EXOPL,	255, "EXOPL",		"RFC 861")

enum nvt_option {
#define NVT_OPTION_ENUM(name, code, text, source) NVT_OPT_##name = code,
	NVT_OPTIONS(NVT_OPTION_ENUM)
#undef NVT_OPTION_ENUM
	NVT_OPT_COUNT = 256
};

/* The name of a command or option, such as "NAWS"; NULL if it has none. */
NVT_API const char	*nvt_command_name(uint8_t command);
NVT_API const char	*nvt_option_name(uint8_t option);

/* What a command stands for, in words; NULL if it has no name. */
NVT_API const char	*nvt_command_meaning(uint8_t command);

/* Where an option is specified, such as "RFC 1073"; NULL if it has no name. */
NVT_API const char	*nvt_option_source(uint8_t option);

/*
 * The code of a name, or -1.  Case is ignored, and '_' is as good as '-'.
 * A decimal number of 0 to 255 stands for itself.
 */
NVT_API int	nvt_command_code(const char *name);
NVT_API int	nvt_option_code(const char *name);

/* What a peer can do wrong on the wire.  Each is survived. */
#define NVT_FAULTS(X)							\
	X(SUB_OVERFLOW,	   "subnegotiation over the limit, dropped")	\
	X(SUB_INTERRUPTED, "subnegotiation interrupted by a command")	\
	X(SUB_NO_OPTION,   "subnegotiation without an option")		\
	X(SUB_MALFORMED,   "subnegotiation malformed")			\
	X(SUB_UNEXPECTED,  "subnegotiation of an option that is off")	\
	X(STRAY_SE,	   "end of a subnegotiation that never began")	\
	X(TRUNCATED,	   "stream ended inside a command")		\
	X(LIAR,		   "a request to stop was answered by a start")	\
	X(SYNCH_LIMIT,	   "urgent data without a data mark")		\
	X(NOMEM,	   "dropped for want of memory")

enum nvt_fault {
	NVT_FAULT_NONE,
#define NVT_FAULT_ENUM(name, text) NVT_FAULT_##name,
	NVT_FAULTS(NVT_FAULT_ENUM)
#undef NVT_FAULT_ENUM
	NVT_FAULT_COUNT
};

/* A fault in words, and its name, such as "SUB_OVERFLOW"; never NULL. */
NVT_API const char	*nvt_fault_text(enum nvt_fault fault);
NVT_API const char	*nvt_fault_name(enum nvt_fault fault);

/*
 * Decoding.  The same bytes give the same items however they are cut, except
 * that text may come in more or fewer pieces.
 */
enum nvt_wire_type {
	NVT_WIRE_NONE,		/* nothing yet: all was taken */
	NVT_WIRE_TEXT,		/* data, len: text, IAC IAC undone */
	NVT_WIRE_COMMAND,	/* command, such as NVT_CMD_GA */
	NVT_WIRE_NEGOTIATION,	/* command (WILL, WONT, DO, DONT), option */
	NVT_WIRE_SUB,		/* option; data, len: the payload, undoubled */
	NVT_WIRE_FAULT		/* fault; option where one is known */
};

struct nvt_wire_item {
	enum nvt_wire_type	 type;
	uint8_t			 command;
	uint8_t			 option;
	enum nvt_fault		 fault;
	const uint8_t		*data;
	size_t			 len;
};

struct nvt_decoder;

/* Bytes that a subnegotiation's payload may have unless told otherwise. */
#define NVT_SUB_LIMIT_DEFAULT	((size_t)1 << 20)

/*
 * A decoder in NVT text mode.  sub_limit bounds the payload of one
 * subnegotiation, 0 meaning NVT_SUB_LIMIT_DEFAULT; a longer one is dropped
 * and is one fault.  Fails with NVT_ERR_NOMEM.
 */
NVT_API int	nvt_decoder_new(size_t sub_limit, struct nvt_decoder **out);
NVT_API void	nvt_decoder_free(struct nvt_decoder *d);

/*
 * Whether the peer's direction is in BINARY (RFC 856): CR NUL is then left
 * alone.  Holds from the next byte fed.  In NVT text mode CR NUL becomes CR,
 * and CR LF stays as it was sent.
 */
NVT_API void	nvt_decoder_set_binary(struct nvt_decoder *d, bool on);

/*
 * Whether CR LF, as CR NUL does, becomes CR in NVT text mode: what a server
 * wants of typed lines, where both are the Enter key.  Off at first.
 */
NVT_API void	nvt_decoder_set_enter(struct nvt_decoder *d, bool on);

/*
 * Take bytes up to and including the end of the first item.  Returns how many
 * were taken, at least one if len > 0, except that a fault may take none and
 * leave the byte that showed it for the next call.  Call again with the rest
 * until all is taken and the type is NVT_WIRE_NONE.  Text points into in; a
 * payload is the decoder's and lives until the next call.
 */
NVT_API size_t	nvt_decoder_feed(struct nvt_decoder *d, const uint8_t *in,
		    size_t len, struct nvt_wire_item *item);

/*
 * The stream has ended.  The item is the fault NVT_FAULT_TRUNCATED if that
 * was inside a command, else NVT_WIRE_NONE.  The decoder is as new after it.
 */
NVT_API void	nvt_decoder_end(struct nvt_decoder *d,
		    struct nvt_wire_item *item);

/* Give back memory that a large subnegotiation needed. */
NVT_API void	nvt_decoder_trim(struct nvt_decoder *d);

/*
 * An item as one line for people, such as "DO TTYPE" or "SB NAWS 80x24":
 * control bytes escaped, cut to fit, NUL-terminated.  Returns its length.
 */
NVT_API size_t	nvt_wire_describe(const struct nvt_wire_item *item,
		    char *out, size_t size);

/*
 * Bytes as printable text: C escapes for what is not printable ASCII.  Cut
 * to fit at a whole escape, NUL-terminated.  Returns its length.
 */
NVT_API size_t	nvt_wire_escape(const uint8_t *data, size_t len,
		    char *out, size_t size);

/*
 * Encoding.  How the line ends in text are written (RFC 854, p. 11).  IAC is
 * doubled in each of them.
 */
enum nvt_newline {
	NVT_NEWLINE_CRLF,	/* C's: a lone LF becomes CR LF, a lone CR CR NUL */
	NVT_NEWLINE_NVT,	/* a lone CR becomes CR NUL: reversible */
	NVT_NEWLINE_RAW		/* as they are: BINARY, and telnetlib's write */
};

/*
 * Write text for the wire: at most size bytes, never half of a pair.  Stores
 * in *taken how many bytes of in that was, and returns how many were written.
 * A buffer of 2 * len holds all of it.
 */
NVT_API size_t	nvt_encode_text(enum nvt_newline newline, const uint8_t *in,
		    size_t len, size_t *taken, uint8_t *out, size_t size);

/*
 * The other writers put down the whole thing, or nothing when it does not fit.
 * They return the length it has, so a result over size asks for more room.
 */

/* IAC command. */
NVT_API size_t	nvt_encode_command(uint8_t command,
		    uint8_t *out, size_t size);

/* IAC WILL/WONT/DO/DONT option. */
NVT_API size_t	nvt_encode_negotiation(uint8_t command, uint8_t option,
		    uint8_t *out, size_t size);

/* IAC SB option payload IAC SE, with IAC doubled in the payload. */
NVT_API size_t	nvt_encode_sub(uint8_t option, const uint8_t *payload,
		    size_t len, uint8_t *out, size_t size);

/*
 * Codecs: the payload of one option's subnegotiation, without IAC SB option
 * and IAC SE, IAC undoubled.  Each nvt_x_parse() returns 0 or
 * NVT_ERR_MALFORMED; what it stores points into the payload.  Each
 * nvt_x_write() writes all or nothing and returns the length needed.
 */

/* The first byte of TTYPE, TSPEED, XDISPLOC, STATUS and NEW-ENVIRON. */
enum nvt_sub_verb {
	NVT_SUB_IS = 0,
	NVT_SUB_SEND = 1,
	NVT_SUB_INFO = 2	/* NEW-ENVIRON only */
};

/* NAWS, RFC 1073: columns and rows, 0 meaning "not said". */
struct nvt_naws {
	uint16_t	cols;
	uint16_t	rows;
};
NVT_API int	nvt_naws_parse(const uint8_t *p, size_t len,
		    struct nvt_naws *out);
NVT_API size_t	nvt_naws_write(const struct nvt_naws *in,
		    uint8_t *out, size_t size);

/*
 * TTYPE (RFC 1091) and XDISPLOC (RFC 1096): SEND, or IS and some text.  TTYPE
 * names are up to 40 characters by the RFC; longer ones are not refused here.
 */
struct nvt_text_sub {
	enum nvt_sub_verb	 verb;
	const char		*text;	/* len bytes, not NUL-terminated */
	size_t			 len;
};
NVT_API int	nvt_ttype_parse(const uint8_t *p, size_t len,
		    struct nvt_text_sub *out);
NVT_API size_t	nvt_ttype_write(const struct nvt_text_sub *in,
		    uint8_t *out, size_t size);
NVT_API int	nvt_xdisploc_parse(const uint8_t *p, size_t len,
		    struct nvt_text_sub *out);
NVT_API size_t	nvt_xdisploc_write(const struct nvt_text_sub *in,
		    uint8_t *out, size_t size);

/* MTTS: what the third answer "MTTS n" of a MUD client's TTYPE cycle says. */
enum nvt_mtts {
	NVT_MTTS_ANSI = 1, NVT_MTTS_VT100 = 2, NVT_MTTS_UTF8 = 4,
	NVT_MTTS_256_COLORS = 8, NVT_MTTS_MOUSE = 16,
	NVT_MTTS_OSC_PALETTE = 32, NVT_MTTS_SCREEN_READER = 64,
	NVT_MTTS_PROXY = 128, NVT_MTTS_TRUECOLOR = 256, NVT_MTTS_MNES = 512,
	NVT_MTTS_MSLP = 1024, NVT_MTTS_SSL = 2048
};

/* 1 and the bits if text is "MTTS n", else 0. */
NVT_API int	nvt_ttype_mtts(const char *text, size_t len, uint32_t *bits);

/* TSPEED, RFC 1079: SEND, or IS and bits per second to and from the peer. */
struct nvt_tspeed {
	enum nvt_sub_verb	verb;
	uint32_t		transmit;
	uint32_t		receive;
};
NVT_API int	nvt_tspeed_parse(const uint8_t *p, size_t len,
		    struct nvt_tspeed *out);
NVT_API size_t	nvt_tspeed_write(const struct nvt_tspeed *in,
		    uint8_t *out, size_t size);

/*
 * NEW-ENVIRON, RFC 1572.  parse checks the whole payload; next then walks it,
 * returning 1 and a variable, or 0 at the end.  Names and values are as sent,
 * with ESC: unescape them into a buffer of at least their length.
 */
struct nvt_environ {
	enum nvt_sub_verb	 verb;
	const uint8_t		*pos;
	const uint8_t		*end;
};
enum nvt_environ_kind {
	NVT_ENVIRON_VAR = 0,
	NVT_ENVIRON_USERVAR = 3
};
struct nvt_environ_var {
	enum nvt_environ_kind	 kind;
	const uint8_t		*name;
	size_t			 name_len;	/* 0: all of that kind */
	const uint8_t		*value;		/* NULL: not defined */
	size_t			 value_len;
};
NVT_API int	nvt_environ_parse(const uint8_t *p, size_t len,
		    struct nvt_environ *out);
NVT_API int	nvt_environ_next(struct nvt_environ *e,
		    struct nvt_environ_var *out);
/* Returns the length without escapes; out may be NULL to ask for it. */
NVT_API size_t	nvt_environ_unescape(const uint8_t *in, size_t len,
		    uint8_t *out);
/* One variable as a piece of a payload, escaped; a verb byte goes first. */
NVT_API size_t	nvt_environ_var_write(const struct nvt_environ_var *in,
		    uint8_t *out, size_t size);

/*
 * STATUS, RFC 859: SEND, or IS and a list.  parse checks the whole payload;
 * next returns 1 and an item of type NVT_WIRE_NEGOTIATION (WILL or DO) or
 * NVT_WIRE_SUB (its data as sent, SE still doubled), or 0 at the end.
 */
struct nvt_status {
	enum nvt_sub_verb	 verb;
	const uint8_t		*pos;
	const uint8_t		*end;
};
NVT_API int	nvt_status_parse(const uint8_t *p, size_t len,
		    struct nvt_status *out);
NVT_API int	nvt_status_next(struct nvt_status *s,
		    struct nvt_wire_item *out);
/* One item of an IS list; a byte of SE is doubled. */
NVT_API size_t	nvt_status_item_write(const struct nvt_wire_item *in,
		    uint8_t *out, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* NVT_WIRE_H */
