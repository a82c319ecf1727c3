/* strict_math.h - refuses to be compiled where NaN cannot be told from a number.
 *
 * A figure that is absent is NaN everywhere in this program, and the options below let a
 * compiler assume that there is none: medians, intervals and verdicts would be wrong
 * without a word. */
#ifndef BASE_STRICT_MATH_H
#define BASE_STRICT_MATH_H

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error "-Ofast, -ffast-math and -ffinite-math-only assume that no NaN exists: use -O3"
#endif

#endif
