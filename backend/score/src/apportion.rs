//! Sharing out a whole so that the shares add up to it exactly: the method of largest remainders.
//! Refuses to lose or invent a unit; a tie goes to the one that stands first.

/// Bits that a sum of weights may have, so that the products below fit into 128.
const WEIGHT_BITS: u32 = 62;

/// Shares `total` out in proportion to the weights (those below 0 count for 0). The shares have the sign of
/// the total and add up to it, unless no weight is above 0: then all are 0.
#[must_use]
pub fn apportion(total: i128, weights: &[i128]) -> Vec<i128> {
    let positive = weights.iter().map(|weight| (*weight).max(0));
    let sum = positive.clone().fold(0_i128, i128::saturating_add);
    let shift = (i128::BITS - sum.leading_zeros()).saturating_sub(WEIGHT_BITS);
    let weights: Vec<i128> = positive.map(|weight| weight >> shift).collect();
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let whole = total.saturating_abs();
    let (quotient, rest) = (whole / sum, whole % sum);
    let mut shares: Vec<i128> =
        weights.iter().map(|weight| quotient * weight + rest * weight / sum).collect();
    let missing = whole - shares.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(rest * weights[index] % sum));
    for index in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[index] += 1;
    }
    shares.iter().map(|share| share * total.signum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        for (total, weights, expected) in [
            (100, vec![1, 1, 1], vec![34, 33, 33]),
            (-100, vec![1, 1, 1], vec![-34, -33, -33]),
            (10, vec![0, 5, -3], vec![0, 10, 0]),
            (7, vec![0, 0], vec![0, 0]),
            (1, vec![2, 3, 4], vec![0, 0, 1]),
            (0, vec![2, 3], vec![0, 0]),
            (5, vec![], vec![]),
        ] {
            assert_eq!(apportion(total, &weights), expected, "{total} by {weights:?}");
        }
    }

    #[test]
    fn huge_weights_do_not_overflow() {
        let shares = apportion(1 << 126, &[i128::MAX / 2, i128::MAX / 2, 1]);
        assert_eq!(shares.iter().sum::<i128>(), 1 << 126);
    }
}
