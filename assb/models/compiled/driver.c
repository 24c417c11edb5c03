/* Time loop over the generated functions. Placed after them in one translation unit.

   Sizes NX, NZ, NY = NX + NZ, NP, NOUT, NFACTOR (of dg/dz), NKEPT, NWORK are macros defined above.
   Nothing here is global, so any number of threads may run with a workspace each. */

enum { OK = 0, BAD_START = 1, NO_CONSISTENT_STATE = 2, NOT_FINITE = 3 };

/* Ratio of a simplified Newton correction to the one before at which it improves the iterate. */
#define CONTRACTION 0.25

#ifndef ASSB_LANES

/* 0 * v is NaN for NaN and infinity alike; one pass, no branch. */
static int all_finite(const double* v, int n)
{
    double s = 0.0;
    for (int i = 0; i < n; ++i) s += 0.0 * v[i];
    return s == 0.0;
}

#if NZ > 0
static double correction_norm(const double* dz, const double* y)
{
    double worst = 0.0;
    for (int i = 0; i < NZ; ++i) {
        const double size = fabs(dz[i]) / (1.0 + fabs(y[NX + i]));
        if (!(size <= worst)) worst = size; /* keeps a NaN */
    }
    return worst;
}

/* Newton's method for g(x, z) = 0 with the affine-invariant step control of Deuflhard (natural
   monotonicity test); leaves the factors of dg/dz at the last but one iterate in `factors`.
   `scratch` holds NY + 2 NZ. */
static int make_consistent(double* y, const double* p, const double* current, double* factors,
                           double* scratch, double* w)
{
    double *trial = scratch, *dz = scratch + NY, *next = dz + NZ;
    memcpy(trial, y, NX * sizeof(double));
    for (int iteration = 0; iteration < 60; ++iteration) {
        alg_factor(y, p, current, factors, w);
        alg_solve(y, p, current, factors, dz, w);
        const double size = correction_norm(dz, y);
        if (!isfinite(size)) return NO_CONSISTENT_STATE;
        double lambda = 1.0, after;
        for (;; lambda *= 0.5) {
            for (int i = 0; i < NZ; ++i) trial[NX + i] = y[NX + i] + lambda * dz[i];
            alg_solve(trial, p, current, factors, next, w);
            after = correction_norm(next, y); /* in the units of `size` */
            if (isfinite(after) && (size < 1e-10 || after <= (1.0 - 0.5 * lambda) * size)) break;
            if (lambda < 1e-4) return NO_CONSISTENT_STATE;
        }
        memcpy(y + NX, trial + NX, NZ * sizeof(double));
        if (lambda == 1.0 && (after <= CONTRACTION * size || after < 1e-9)) { /* the simplified correction is at hand: use it */
            for (int i = 0; i < NZ; ++i) y[NX + i] += next[i];
            if (after < 1e-9) return OK;
        }
    }
    return NO_CONSISTENT_STATE;
}
#endif

#ifndef WITHOUT_SIMULATE
static int simulate_one(int n_steps, const double* h, const double* current, const unsigned char* emit,
                        double initial_current, int emit_initial, const double* p, double* out,
                        double* work)
{
    double *y = work, *next = y + NY, *kept = next + NY, *w = kept + NKEPT;
#if NZ > 0
    double *factors = w + NWORK, *scratch = factors + NFACTOR;
#endif
    double present = initial_current, h_prepared = 0.0;
    initial(p, &present, y, w);
    if (!all_finite(y, NY)) return BAD_START;
#if NZ > 0
    if (make_consistent(y, p, &present, factors, scratch, w)) return NO_CONSISTENT_STATE;
#endif
    if (emit_initial) {
        outputs(y, p, &present, out, w);
        if (!all_finite(out, NOUT)) return NOT_FINITE;
        out += NOUT;
    }
    for (int step = 0; step < n_steps; ++step) {
        if (current[step] != present) {
            present = current[step];
            h_prepared = 0.0;
#if NZ > 0
            if (make_consistent(y, p, &present, factors, scratch, w)) return NO_CONSISTENT_STATE;
#endif
        }
        if (h[step] != h_prepared) {
            h_prepared = h[step];
            advance_prepare(y, p, &present, h + step, kept, w);
        }
        advance(y, p, &present, h + step, kept, next, w);
        if (!all_finite(next, NY)) return NOT_FINITE;
        double* swap = y;
        y = next;
        next = swap;
        if (emit[step]) {
            outputs(y, p, &present, out, w);
            if (!all_finite(out, NOUT)) return NOT_FINITE;
            out += NOUT;
        }
    }
    return OK;
}

EXPORT long assb_workspace(void)
{
    return 2L * NY + NKEPT + NWORK + NFACTOR + NY + 2L * NZ;
}

/* Row k of `inputs` (n_sets, NP) gives block k of `out` (n_sets, n_rows, NOUT); status[k] is 0 or says
   what failed. Returns the number of sets that failed. */
EXPORT long assb_simulate(long n_sets, int n_steps, const double* h, const double* current,
                          const unsigned char* emit, double initial_current, int emit_initial, long n_rows,
                          const double* inputs, double* out, int* status, double* work)
{
    long failures = 0;
    for (long k = 0; k < n_sets; ++k) {
        status[k] = simulate_one(n_steps, h, current, emit, initial_current, emit_initial, inputs + k * NP,
                                 out + k * n_rows * NOUT, work);
        failures += status[k] != OK;
    }
    return failures;
}
#endif
#endif
