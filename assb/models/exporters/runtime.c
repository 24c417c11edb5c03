/* Time integration over the functions above. Nothing here allocates, prints or keeps state between
   calls: everything lives in the caller's arrays and on the stack (${NAME}_STACK_BYTES). */

/* 0 * v is NaN for NaN and infinity alike; one pass, no branch. */
static int ${name}_all_finite(const double* v, int n)
{
    double s = 0.0;
    for (int i = 0; i < n; ++i) s += 0.0 * v[i];
    return s == 0.0;
}

#if ${NAME}_N_ALGEBRAIC > 0
static double ${name}_correction_norm(const double* dz, const double* y)
{
    double worst = 0.0;
    for (int i = 0; i < ${NAME}_N_ALGEBRAIC; ++i) {
        const double size = fabs(dz[i]) / (1.0 + fabs(y[${NAME}_N_DIFFERENTIAL + i]));
        if (!(size <= worst)) worst = size; /* keeps a NaN */
    }
    return worst;
}

/* Newton's method for the algebraic equations, with the affine-invariant step control of Deuflhard
   (natural monotonicity test). Writes y only on success. */
static int ${name}_project(const double* p, double current, double* y)
{
    enum { NX = ${NAME}_N_DIFFERENTIAL, NZ = ${NAME}_N_ALGEBRAIC, NY = NX + NZ };
    double w[${NAME}_N_WORK], factors[${NAME}_N_FACTORS], now[NY], trial[NY], dz[NZ], next[NZ];
    memcpy(now, y, sizeof now);
    memcpy(trial, y, sizeof trial);
    for (int iteration = 0; iteration < 60; ++iteration) {
        ${name}_alg_factor(now, p, &current, factors, w);
        ${name}_alg_solve(now, p, &current, factors, dz, w);
        const double size = ${name}_correction_norm(dz, now);
        if (!isfinite(size)) return ${NAME}_NO_CONSISTENT_STATE;
        double lambda = 1.0, after;
        for (;; lambda *= 0.5) {
            for (int i = 0; i < NZ; ++i) trial[NX + i] = now[NX + i] + lambda * dz[i];
            ${name}_alg_solve(trial, p, &current, factors, next, w);
            after = ${name}_correction_norm(next, trial);
            if (isfinite(after) && (size < 1e-10 || after <= (1.0 - 0.5 * lambda) * size)) break;
            if (lambda < 1e-4) return ${NAME}_NO_CONSISTENT_STATE;
        }
        memcpy(now + NX, trial + NX, NZ * sizeof(double));
        if (lambda == 1.0) { /* the simplified correction is at hand: use it */
            for (int i = 0; i < NZ; ++i) now[NX + i] += next[i];
            if (after < 1e-9) {
                memcpy(y, now, sizeof now);
                return ${NAME}_OK;
            }
        }
    }
    return ${NAME}_NO_CONSISTENT_STATE;
}
#else
static int ${name}_project(const double* p, double current, double* y)
{
    (void)p;
    (void)current;
    (void)y;
    return ${NAME}_OK;
}
#endif

static int ${name}_outputs_of(const double* inputs, double current, const double* y, double* outputs)
{
    double w[${NAME}_N_WORK];
    ${name}_output_values(y, inputs, &current, outputs, w);
    return ${name}_all_finite(outputs, ${NAME}_N_OUTPUTS) ? ${NAME}_OK : ${NAME}_NOT_FINITE;
}

/* Largest local error over the tolerance. Algebraic states follow them. */
static double ${name}_error_norm(const double* error, const double* y)
{
    double worst = 0.0;
    for (int i = 0; i < ${NAME}_N_DIFFERENTIAL; ++i) {
        const double size = fabs(error[i]) / (${NAME}_ATOL + ${NAME}_RTOL * fabs(y[i]));
        if (!(size <= worst)) worst = size;
    }
    return worst;
}

/* Copy of the state that is consistent with the current of this call. */
static int ${name}_start(const double* inputs, double current, const double* state, double* y)
{
    memcpy(y, state, ${NAME}_N_EQUATIONS * sizeof(double));
    if (current == state[${NAME}_N_EQUATIONS]) return ${NAME}_OK;
    return ${name}_project(inputs, current, y);
}

static int ${name}_finish(const double* inputs, double current, const double* y, double substep,
                          double* state, double* outputs)
{
    if (outputs) {
        const int code = ${name}_outputs_of(inputs, current, y, outputs);
        if (code != ${NAME}_OK) return code;
    }
    memcpy(state, y, ${NAME}_N_EQUATIONS * sizeof(double));
    state[${NAME}_N_EQUATIONS] = current;
    state[${NAME}_N_EQUATIONS + 1] = substep;
    return ${NAME}_OK;
}

int ${name}_init(const double* inputs, double current, double* state)
{
    double w[${NAME}_N_WORK], y[${NAME}_N_EQUATIONS];
    if (!isfinite(current) || !${name}_all_finite(inputs, ${NAME}_N_INPUTS)) return ${NAME}_BAD_ARGUMENT;
    ${name}_initial(inputs, &current, y, w);
    if (!${name}_all_finite(y, ${NAME}_N_EQUATIONS)) return ${NAME}_BAD_START;
    const int code = ${name}_project(inputs, current, y);
    if (code != ${NAME}_OK) return code;
    return ${name}_finish(inputs, current, y, 0.0, state, 0);
}

int ${name}_consistent(const double* inputs, double current, double* state)
{
    double y[${NAME}_N_EQUATIONS];
    if (!isfinite(current) || !${name}_all_finite(inputs, ${NAME}_N_INPUTS)) return ${NAME}_BAD_ARGUMENT;
    memcpy(y, state, sizeof y);
    const int code = ${name}_project(inputs, current, y);
    if (code != ${NAME}_OK) return code;
    return ${name}_finish(inputs, current, y, state[${NAME}_N_EQUATIONS + 1], state, 0);
}

int ${name}_outputs(const double* inputs, const double* state, double* outputs)
{
    return ${name}_outputs_of(inputs, state[${NAME}_N_EQUATIONS], state, outputs);
}

int ${name}_step(const double* inputs, double current, double h, double* state, double* outputs)
{
    double w[${NAME}_N_WORK], y[${NAME}_N_EQUATIONS], next[${NAME}_N_EQUATIONS], error[${NAME}_N_EQUATIONS];
    if (!(h > 0.0) || !isfinite(h) || !isfinite(current)) return ${NAME}_BAD_ARGUMENT;
    const int code = ${name}_start(inputs, current, state, y);
    if (code != ${NAME}_OK) return code;
    ${name}_rodas(y, inputs, &current, &h, next, error, w);
    if (!${name}_all_finite(next, ${NAME}_N_EQUATIONS)) return ${NAME}_NOT_FINITE;
    return ${name}_finish(inputs, current, next, state[${NAME}_N_EQUATIONS + 1], state, outputs);
}

int ${name}_advance(const double* inputs, double current, double duration, double* state, double* outputs)
{
    double w[${NAME}_N_WORK], y[${NAME}_N_EQUATIONS], next[${NAME}_N_EQUATIONS], error[${NAME}_N_EQUATIONS];
    if (!(duration > 0.0) || !isfinite(duration) || !isfinite(current)) return ${NAME}_BAD_ARGUMENT;
    const int code = ${name}_start(inputs, current, state, y);
    if (code != ${NAME}_OK) return code;
    double left = duration, wanted = state[${NAME}_N_EQUATIONS + 1];
    if (!(wanted > 0.0)) wanted = duration;
    for (int attempt = 0; attempt < ${NAME}_MAX_SUBSTEPS; ++attempt) {
        /* Two equal steps rather than one and a sliver. */
        const double h = wanted >= left ? left : (2.0 * wanted > left ? 0.5 * left : wanted);
        ${name}_rodas(y, inputs, &current, &h, next, error, w);
        double size = 1e3;
        if (${name}_all_finite(next, ${NAME}_N_EQUATIONS)) size = ${name}_error_norm(error, y);
        if (!isfinite(size)) size = 1e3;
        const int accepted = size <= 1.0;
        /* Local error of third order: cube root, with the usual margin and bounds. */
        double factor = size > 6e-3 ? 0.9 / pow(size, 1.0 / 3.0) : 5.0;
        if (factor < 0.1) factor = 0.1;
        /* A last step cut short says little about the step that could have been taken. */
        if (!accepted || h * factor > wanted || h == wanted) wanted = h * factor;
        if (!accepted) continue;
        memcpy(y, next, sizeof y);
        left -= h;
        if (left <= 1e-12 * duration) return ${name}_finish(inputs, current, y, wanted, state, outputs);
    }
    return ${NAME}_TOO_MANY_SUBSTEPS;
}
