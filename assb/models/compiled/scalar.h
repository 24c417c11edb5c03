/* Arithmetic of the generated functions on one parameter set. */

typedef double real;

#define LITERAL(c) (c)
#define LESS(a, b) ((a) < (b) ? 1.0 : 0.0)
#define LESS_EQUAL(a, b) ((a) <= (b) ? 1.0 : 0.0)
#define EQUAL(a, b) ((a) == (b) ? 1.0 : 0.0)
#define NOT_EQUAL(a, b) ((a) != (b) ? 1.0 : 0.0)
#define AND(a, b) ((a) && (b) ? 1.0 : 0.0)
#define OR(a, b) ((a) || (b) ? 1.0 : 0.0)
#define NOT(a) ((a) == 0.0 ? 1.0 : 0.0)
#define IF(a, b) ((a) != 0.0 ? (b) : 0.0)
#define SIGN(a) ((a) > 0.0 ? 1.0 : ((a) < 0.0 ? -1.0 : (a)))
/* One instruction each, where fmin and fmax are calls. */
#define SMALLER(a, b) ((a) < (b) ? (a) : (b))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
