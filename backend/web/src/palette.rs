//! Proves that the roles in `tokens.css` can be read: WCAG contrast of text and marks on every ground, in
//! both schemes. Refuses a role it cannot read.

use std::collections::BTreeMap;

/// Oklab: lightness and two axes of hue.
type Colour = [f64; 3];

/// Text on a ground: at least 4.5 to 1.
const TEXT: &[(&[&str], &[&str])] = &[
    (&["ink", "ink-soft", "accent"], &["ground", "panel", "sunken"]),
    (&["critical", "high", "medium", "low", "good", "warn", "bad"], &["panel", "ground"]),
    (&["on-hull", "on-hull-soft"], &["hull"]),
    (&["on-hull"], &["hull-lit"]),
    (&["on-accent"], &["accent"]),
    (&["panel"], &["critical", "high", "medium", "low"]),
];
/// Coloured text on its own tint over the panel, as in counts and badges: at least 4.5 to 1.
const TINTED: &[(&str, f64)] = &[
    ("critical", 0.11),
    ("high", 0.11),
    ("medium", 0.11),
    ("low", 0.10),
    ("accent", 0.18),
    ("good", 0.10),
    ("warn", 0.10),
    ("bad", 0.10),
];
/// Marks, edges of controls and focus on a ground: at least 3 to 1.
const MARKS: &[(&[&str], &[&str])] = &[
    (
        &["edge", "focus", "accent", "critical", "high", "medium", "low", "unknown", "good", "slate"],
        &["panel", "ground"],
    ),
    (&["hatch-line"], &["panel"]),
];

#[test]
fn every_role_can_be_read_in_both_schemes() {
    let css = include_str!("../../../templates/static/css/tokens.css");
    let mut poor = Vec::new();
    for (scheme, index) in [("light", 0), ("dark", 1)] {
        let roles = roles(css, index);
        let colour =
            |name: &str| *roles.get(name).unwrap_or_else(|| panic!("no role --{name} in tokens.css"));
        let mut check = |what: String, front: Colour, back: Colour, least: f64| {
            let ratio = contrast(front, back);
            if ratio < least {
                poor.push(format!("{scheme}: {what}: {ratio:.2}, needs {least}"));
            }
        };
        for (pairs, least) in [(TEXT, 4.5), (MARKS, 3.0)] {
            for (fronts, backs) in pairs {
                for (front, back) in
                    fronts.iter().flat_map(|front| backs.iter().map(move |back| (front, back)))
                {
                    check(format!("{front} on {back}"), colour(front), colour(back), least);
                }
            }
        }
        for (role, share) in TINTED {
            let back = mixed(colour(role), colour("panel"), *share);
            check(format!("{role} on its tint"), colour(role), back, 4.5);
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}

/// The colours of one scheme: the first or second of `light-dark()`, or the only one.
fn roles(css: &str, index: usize) -> BTreeMap<String, Colour> {
    css.lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'))
        .filter_map(|(name, value)| {
            let colours: Vec<_> = value.split("oklch(").skip(1).filter_map(oklch).collect();
            Some((name.to_owned(), *colours.get(index).or(colours.first())?))
        })
        .collect()
}

/// `52% 0.1 230)…` as Oklab.
fn oklch(text: &str) -> Option<Colour> {
    let mut numbers = text.split(')').next()?.split_whitespace();
    let lightness = numbers.next()?.strip_suffix('%')?.parse::<f64>().ok()? / 100.0;
    let chroma = numbers.next()?.parse::<f64>().ok()?;
    let hue = numbers.next()?.parse::<f64>().ok()?.to_radians();
    Some([lightness, chroma * hue.cos(), chroma * hue.sin()])
}

/// Linear sRGB.
fn light([lightness, a, b]: Colour) -> [f64; 3] {
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let middle = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short,
    ]
    .map(|channel| channel.clamp(0.0, 1.0))
}

/// As `color-mix(in oklab)` does.
fn mixed(front: Colour, back: Colour, share: f64) -> Colour {
    [0, 1, 2].map(|channel| front[channel] * share + back[channel] * (1.0 - share))
}

/// WCAG 2 contrast.
fn contrast(front: Colour, back: Colour) -> f64 {
    let luminance = |colour: Colour| {
        let [red, green, blue] = light(colour);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(front), luminance(back));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
