/* strict_math.h - a compile-time error under options that break the test for NaN.
 *
 * An absent figure is NaN everywhere in this program, and the options below let a
 * compiler assume that NaN does not exist: medians, intervals and verdicts would be
 * silently wrong. */
#ifndef BASE_STRICT_MATH_H
#define BASE_STRICT_MATH_H

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error "-Ofast, -ffast-math and -ffinite-math-only assume that no NaN exists: use -O3"
#endif

#endif
