/* Self-test of ${title}: repeats a run of the Python simulator and compares. Prints PASS or FAIL. */

#include "${name}.h"

#include <math.h>
#include <stdio.h>

enum { N_STEPS = ${n_steps}, N_SEGMENTS = ${n_segments}, N_OUT = ${NAME}_N_OUTPUTS };

/* Tolerances relative to the scale of each output: same steps, and substeps of its own choosing. */
static const double step_tolerance = 1e-9, advance_tolerance = ${advance_tolerance};

static const double inputs[] = ${inputs};
static const double scale[N_OUT] = ${scale};
/* Size [s] and current [A] of every step; row 0 of `expected` holds before the first. */
static const double step_h[N_STEPS] = ${step_h};
static const double step_current[N_STEPS] = ${step_current};
static const double expected[N_STEPS + 1][N_OUT] = ${expected};
/* The same profile as constant-current segments, and outputs at their ends on a fine grid. */
static const double segment_h[N_SEGMENTS] = ${segment_h};
static const double segment_current[N_SEGMENTS] = ${segment_current};
static const double segment_expected[N_SEGMENTS][N_OUT] = ${segment_expected};

static double worst_of(const double* out, const double* wanted, double worst)
{
    for (int k = 0; k < N_OUT; ++k) {
        const double deviation = fabs(out[k] - wanted[k]) / scale[k];
        if (!(deviation <= worst)) worst = deviation; /* keeps a NaN */
    }
    return worst;
}

int main(void)
{
    double state[${NAME}_N_STATES], out[N_OUT], stepping = 0.0, advancing = 0.0;
    int code = ${name}_init(inputs, ${initial_current}, state);
    if (code == ${NAME}_OK) code = ${name}_outputs(inputs, state, out);
    if (code == ${NAME}_OK) stepping = worst_of(out, expected[0], stepping);
    for (int i = 0; i < N_STEPS && code == ${NAME}_OK; ++i) {
        code = ${name}_step(inputs, step_current[i], step_h[i], state, out);
        if (code == ${NAME}_OK) stepping = worst_of(out, expected[i + 1], stepping);
    }
    if (code == ${NAME}_OK) code = ${name}_init(inputs, ${initial_current}, state);
    for (int i = 0; i < N_SEGMENTS && code == ${NAME}_OK; ++i) {
        code = ${name}_advance(inputs, segment_current[i], segment_h[i], state, out);
        if (code == ${NAME}_OK) advancing = worst_of(out, segment_expected[i], advancing);
    }
    const int passed = code == ${NAME}_OK && stepping <= step_tolerance && advancing <= advance_tolerance;
    printf("%s code %d, step %.3g (allowed %.3g), advance %.3g (allowed %.3g)\n", passed ? "PASS" : "FAIL", code,
           stepping, step_tolerance, advancing, advance_tolerance);
    return passed ? 0 : 1;
}
