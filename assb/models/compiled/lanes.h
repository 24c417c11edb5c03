/* Arithmetic of the generated functions on several parameter sets at once, one per vector lane.

   Uses the vector extensions of GCC and clang. No lane ever looks at another, so that a result does
   not depend on what else is in the batch. NaN and infinity behave as in scalar code.
   exp, log and what is made of them are within 4 units in the last place; other functions are
   called lane by lane. The kernel of log is that of fdlibm (Sun Microsystems, 1993); sinh and tanh
   near 0 use the expansions of their quotients by x. */

#if defined(__AVX512F__)
#define LANES 8
#elif defined(__AVX__)
#define LANES 4
#else
#define LANES 2
#endif
#if defined(__AVX__)
#include <immintrin.h>
#endif

typedef double real __attribute__((vector_size(8 * LANES)));
typedef long long lanes_int __attribute__((vector_size(8 * LANES)));

#if LANES == 8
#define LITERAL(c) ((real){c, c, c, c, c, c, c, c})
#define INTEGER(c) ((lanes_int){c, c, c, c, c, c, c, c})
#elif LANES == 4
#define LITERAL(c) ((real){c, c, c, c})
#define INTEGER(c) ((lanes_int){c, c, c, c})
#else
#define LITERAL(c) ((real){c, c})
#define INTEGER(c) ((lanes_int){c, c})
#endif

#define INLINE static inline __attribute__((always_inline, unused))
#define FUNCTION static __attribute__((unused))

INLINE real choose(lanes_int mask, real a, real b)
{
    return (real)((mask & (lanes_int)a) | (~mask & (lanes_int)b));
}
INLINE real truth(lanes_int mask) { return (real)(mask & (lanes_int)LITERAL(1.0)); }
INLINE real magnitude(real a) { return (real)((lanes_int)a & INTEGER(0x7fffffffffffffffLL)); }
INLINE real with_sign(real a, real b)
{
    const lanes_int sign = INTEGER((long long)(1ULL << 63));
    return (real)(((lanes_int)a & ~sign) | ((lanes_int)b & sign));
}
INLINE int any(lanes_int mask)
{
    long long found = 0;
    for (int l = 0; l < LANES; ++l) found |= mask[l];
    return found != 0;
}

#define LESS(a, b) truth((lanes_int)((a) < (b)))
#define LESS_EQUAL(a, b) truth((lanes_int)((a) <= (b)))
#define EQUAL(a, b) truth((lanes_int)((a) == (b)))
#define NOT_EQUAL(a, b) truth((lanes_int)((a) != (b)))
#define AND(a, b) truth((lanes_int)((a) != 0.0) & (lanes_int)((b) != 0.0))
#define OR(a, b) truth((lanes_int)((a) != 0.0) | (lanes_int)((b) != 0.0))
#define NOT(a) truth((lanes_int)((a) == 0.0))
#define IF(a, b) ((real)((lanes_int)((a) != 0.0) & (lanes_int)(b)))
#define SMALLER(a, b) choose((lanes_int)((a) < (b)), (a), (b))
#define LARGER(a, b) choose((lanes_int)((a) > (b)), (a), (b))
INLINE real lanes_sign(real a)
{
    return choose((lanes_int)(a > 0.0), LITERAL(1.0), choose((lanes_int)(a < 0.0), LITERAL(-1.0), a));
}
#define SIGN(a) lanes_sign(a)

INLINE real lanes_sqrt(real a)
{
#if LANES == 8
    return (real)_mm512_sqrt_pd((__m512d)a);
#elif LANES == 4
    return (real)_mm256_sqrt_pd((__m256d)a);
#else
    for (int l = 0; l < LANES; ++l) a[l] = sqrt(a[l]);
    return a;
#endif
}

/* Adding it leaves a small integer in the low bits of a double. */
#define MAGIC 0x1.8p52

/* 1 + r + r^2 / 2 + ... less its first term, for |r| <= ln(2) / 2; divided by r. */
INLINE real exp_series(real r)
{
    const real r2 = r * r, r4 = r2 * r2;
    const real a = (1.0 + r * 0.5) + r2 * (1.0 / 6.0 + r * (1.0 / 24.0));
    const real b = (1.0 / 120.0 + r * (1.0 / 720.0)) + r2 * (1.0 / 5040.0 + r * (1.0 / 40320.0));
    const real c = (1.0 / 362880.0 + r * (1.0 / 3628800.0)) + r2 * (1.0 / 39916800.0 + r * (1.0 / 479001600.0));
    return a + r4 * (b + r4 * (c + r4 * (1.0 / 6227020800.0)));
}

FUNCTION real lanes_exp(real x)
{
    /* The comparisons keep a NaN. */
    x = choose((lanes_int)(x > 710.0), LITERAL(710.0), x);
    x = choose((lanes_int)(x < -746.0), LITERAL(-746.0), x);
    const real shifted = x * 0x1.71547652b82fep0 + MAGIC;
    const real n = shifted - MAGIC;
    const real r = (x - n * 0x1.62e42fefa3800p-1) - n * 0x1.ef35793c76730p-45;
    const lanes_int k = (lanes_int)shifted - (lanes_int)LITERAL(MAGIC);
    /* In two factors, each a normal number, so that the product may overflow or be subnormal. */
    const lanes_int half = k >> 1;
    const real first = (real)((half + 1023) << 52), second = (real)((k - half + 1023) << 52);
    return (1.0 + r * exp_series(r)) * first * second;
}

FUNCTION real lanes_log(real x)
{
    const lanes_int tiny = (lanes_int)(x < 0x1p-1022);
    const real scaled = choose(tiny, x * 0x1p54, x);
    const lanes_int bits = (lanes_int)scaled - (lanes_int)LITERAL(0x1.6a09e667f3bcdp-1);
    const lanes_int k = bits >> 52;
    const real m = (real)((lanes_int)scaled - (k << 52));
    const real e = ((real)(k + (lanes_int)LITERAL(MAGIC)) - MAGIC) - (real)(tiny & (lanes_int)LITERAL(54.0));
    const real f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    const real even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const real odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01
                     + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const real half = 0.5 * f * f;
    real result = e * 6.93147180369123816490e-01
                  - ((half - (s * (half + even + odd) + e * 1.90821492927058770002e-10)) - f);
    result = choose((lanes_int)(x == 0.0), LITERAL(-INFINITY), result);
    result = choose((lanes_int)(x < 0.0), LITERAL(NAN), result);
    /* Infinity and NaN are their own logarithms. */
    return choose((lanes_int)(x < INFINITY), result, x + x);
}

/* exp(x) - 1 for -40 <= x <= 700, where 2^n is a normal number. */
INLINE real expm1_moderate(real x)
{
    const real shifted = x * 0x1.71547652b82fep0 + MAGIC;
    const real n = shifted - MAGIC;
    const real r = (x - n * 0x1.62e42fefa3800p-1) - n * 0x1.ef35793c76730p-45;
    const real power = (real)(((lanes_int)shifted - (lanes_int)LITERAL(MAGIC) + 1023) << 52);
    return power * (r * exp_series(r)) + (power - 1.0);
}
FUNCTION real lanes_expm1(real x)
{
    const real moderate = expm1_moderate(SMALLER(LARGER(x, LITERAL(-40.0)), LITERAL(700.0)));
    const real usual = choose((lanes_int)(magnitude(x) < 0.34), x * exp_series(x), moderate);
    return choose((lanes_int)(x < 700.0), usual, lanes_exp(x));
}
FUNCTION real lanes_log1p(real x)
{
    const real u = 1.0 + x;
    const real result = lanes_log(u) - ((u - 1.0) - x) / u;
    return choose((lanes_int)(u > 0.0) & (lanes_int)(u < INFINITY), result, lanes_log(u));
}
FUNCTION real lanes_sinh(real x)
{
    const real a = magnitude(x), z = x * x, e = lanes_exp(a);
    const real tail = 1.0 / 39916800.0 + z * (1.0 / 6227020800.0 + z * (1.0 / 1307674368000.0
                      + z * (1.0 / 355687428096000.0 + z * (1.0 / 121645100408832000.0))));
    const real series = x + x * (z * (1.0 / 6.0 + z * (1.0 / 120.0 + z * (1.0 / 5040.0
                        + z * (1.0 / 362880.0 + z * tail)))));
    return choose((lanes_int)(a < 1.0), series, with_sign(0.5 * e - 0.5 / e, x));
}
FUNCTION real lanes_cosh(real x)
{
    const real e = lanes_exp(magnitude(x));
    return 0.5 * e + 0.5 / e;
}
FUNCTION real lanes_tanh(real x)
{
    const real a = magnitude(x), d = expm1_moderate(2.0 * SMALLER(a, LITERAL(22.0)));
    return with_sign(choose((lanes_int)(x == x), d / (d + 2.0), x), x);
}
FUNCTION real lanes_asinh(real x)
{
    const real a = magnitude(x), z = a * a;
    const real moderate = lanes_log1p(a + z / (1.0 + lanes_sqrt(1.0 + z)));
    const real large = lanes_log(a) + 0x1.62e42fefa39efp-1;
    return with_sign(choose((lanes_int)(a > 1e9), large, moderate), x);
}

#define BY_LANE1(name)                                  \
    FUNCTION real lanes_##name(real a)                  \
    {                                                   \
        for (int l = 0; l < LANES; ++l) a[l] = name(a[l]); \
        return a;                                       \
    }
#define BY_LANE2(name)                                        \
    FUNCTION real lanes_##name(real a, real b)                \
    {                                                         \
        for (int l = 0; l < LANES; ++l) a[l] = name(a[l], b[l]); \
        return a;                                             \
    }
BY_LANE1(sin) BY_LANE1(cos) BY_LANE1(tan) BY_LANE1(asin) BY_LANE1(acos) BY_LANE1(atan)
BY_LANE1(floor) BY_LANE1(ceil) BY_LANE1(erf) BY_LANE1(acosh) BY_LANE1(atanh)
BY_LANE2(fmod) BY_LANE2(atan2)

FUNCTION real lanes_pow(real a, real b)
{
    real result = lanes_exp(b * lanes_log(a));
    /* Zero, negative, infinite and extreme: rules too many to repeat. */
    const lanes_int usual = (lanes_int)(a > 0.0) & (lanes_int)(a < INFINITY) & (lanes_int)(result > 0x1p-20)
                            & (lanes_int)(result < 0x1p20);
    if (any(~usual))
        for (int l = 0; l < LANES; ++l)
            if (!usual[l]) result[l] = pow(a[l], b[l]);
    return result;
}

#define sqrt lanes_sqrt
#define exp lanes_exp
#define log lanes_log
#define expm1 lanes_expm1
#define log1p lanes_log1p
#define sinh lanes_sinh
#define cosh lanes_cosh
#define tanh lanes_tanh
#define asinh lanes_asinh
#define fabs magnitude
#define copysign with_sign
#define sin lanes_sin
#define cos lanes_cos
#define tan lanes_tan
#define asin lanes_asin
#define acos lanes_acos
#define atan lanes_atan
#define floor lanes_floor
#define ceil lanes_ceil
#define erf lanes_erf
#define acosh lanes_acosh
#define atanh lanes_atanh
#define fmod lanes_fmod
#define atan2 lanes_atan2
#define pow lanes_pow
