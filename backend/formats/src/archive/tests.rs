//! Archives of every sort: what comes out, what is named as left out, and what a hostile one cannot cost.

use std::io::Write;

use super::*;

/// A file in a zip archive; what a test does not say is as an honest writer has it.
struct Zipped<'a> {
    path: &'a str,
    packed: Vec<u8>,
    method: u16,
    flags: u16,
    mode: u32,
    size: u32,
    checksum: u32,
}

fn stored<'a>(path: &'a str, bytes: &[u8]) -> Zipped<'a> {
    let mut checksum = flate2::Crc::new();
    checksum.update(bytes);
    Zipped {
        path,
        packed: bytes.to_vec(),
        method: 0,
        flags: 0,
        mode: 0o100_644,
        size: bytes.len() as u32,
        checksum: checksum.sum(),
    }
}

fn deflated<'a>(path: &'a str, bytes: &[u8]) -> Zipped<'a> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    Zipped { packed: encoder.finish().unwrap(), method: 8, ..stored(path, bytes) }
}

fn zip_of(files: &[Zipped<'_>]) -> Vec<u8> {
    let (mut out, mut directory): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for file in files {
        let offset = out.len() as u32;
        let mut shared: Vec<u8> = Vec::new();
        for number in [20, file.flags, file.method, 0, 0] {
            shared.extend(u16::to_le_bytes(number));
        }
        for number in [file.checksum, file.packed.len() as u32, file.size, file.path.len() as u32] {
            shared.extend(u32::to_le_bytes(number));
        }
        out.extend(b"PK\x03\x04");
        out.extend(&shared);
        out.extend(file.path.as_bytes());
        out.extend(&file.packed);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&shared);
        directory.extend([0; 6]);
        directory.extend(u32::to_le_bytes(file.mode << 16));
        directory.extend(u32::to_le_bytes(offset));
        directory.extend(file.path.as_bytes());
    }
    let (start, length) = (out.len() as u32, directory.len() as u32);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    let count = (files.len() as u16).to_le_bytes();
    out.extend([count, count].concat());
    out.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0, 0]);
    out
}

fn tar_entry(path: &str, kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut block = vec![0; tar::BLOCK];
    block[..path.len()].copy_from_slice(path.as_bytes());
    block[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block.extend(bytes);
    block.resize(block.len().next_multiple_of(tar::BLOCK), 0);
    block
}

fn tar_of(entries: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut out =
        entries.iter().flat_map(|(path, kind, bytes)| tar_entry(path, *kind, bytes)).collect::<Vec<_>>();
    out.extend([0; 2 * tar::BLOCK]);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const SMALL: Limits = Limits { size: 4_000, ratio: 10, grace: 2_000, entries: 5, levels: 2 };

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

fn open(raw: &[u8], limits: Limits) -> (Files, Result<Unpacked, Error>) {
    let mut members = Vec::new();
    let mut keep = |member: Member| {
        members.push((member.path, member.bytes));
        true
    };
    let end = unpack(raw, recognise(raw).unwrap(), limits, &mut keep);
    (members, end)
}

/// What comes out by path, and what is told.
#[track_caller]
fn check(raw: &[u8], paths: &[&str], told: &[&str]) {
    let (members, end) = open(raw, SMALL);
    let unpacked = end.unwrap();
    assert_eq!(members.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), paths);
    assert_eq!(unpacked.members, paths.len());
    let warnings = unpacked.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message));
    assert_eq!(warnings.collect::<Vec<_>>(), told);
}

/// Nothing comes out, and why.
#[track_caller]
fn check_nothing(raw: &[u8], told: &str) {
    let (members, end) = open(raw, SMALL);
    assert_eq!((members, end.unwrap_err().to_string()), (vec![], told.to_owned()));
}

#[test]
fn files_come_out_as_they_went_in() {
    let expected = [("a/b.json".to_owned(), b"{}".to_vec()), ("c.json.gz".to_owned(), gzip(b"[]"))];
    let packed = gzip(b"[]");
    let zipped = zip_of(&[stored("a/", b""), deflated("./a/b.json", b"{}"), stored("c.json.gz", &packed)]);
    let plain = tar_of(&[("a/", b'5', b""), ("./a/b.json", b'0', b"{}"), ("c.json.gz", 0, &packed)]);
    let zstd = zstd::encode_all(&plain[..], 1).unwrap();
    for raw in [zipped, gzip(&plain), zstd, plain] {
        let (members, end) = open(&raw, Limits::of(1 << 20));
        assert_eq!(end, Ok(Unpacked { members: 2, warnings: vec![] }));
        assert_eq!(members, expected);
    }
}

#[test]
fn what_other_programs_made_is_read() {
    let long = format!("{}long-é.json", "d/".repeat(70));
    let limits = Limits::of(1 << 20);
    for raw in [&include_bytes!("fixtures/gnu.tar.gz")[..], &include_bytes!("fixtures/pax.tar.gz")[..]] {
        let (members, end) = open(raw, limits);
        assert_eq!(end.unwrap().warnings, vec![]);
        let file = |path: &str| (path.to_owned(), b"{\"a\":1}\n".to_vec());
        assert_eq!(members, [file(&long), file("short.json")]);
    }
    check(include_bytes!("fixtures/streamed.zip"), &["a/one.json"], &[]);
    check(
        include_bytes!("fixtures/encrypted.zip"),
        &["open.json"],
        &["secret.json: it is encrypted; it was left out"],
    );
}

#[test]
fn only_archives_are_recognised() {
    let mut forged = tar_of(&[("a", b'0', b"{}")]);
    assert_eq!(recognise(&forged), Some(Kind::Tar));
    assert_eq!(recognise(&gzip(&forged)), Some(Kind::Tar));
    forged[0] = b'b';
    assert_eq!(recognise(&forged), None, "the checksum is of another header");
    let other: [&[u8]; 6] =
        [b"", b"{}", &[0; 2048], &gzip(b"{}"), b"\x1f\x8b", include_bytes!("fixtures/small.json.xz")];
    assert!(other.iter().all(|raw| recognise(raw).is_none()));
}

#[test]
fn paths_that_lead_elsewhere_are_named() {
    let mut files = vec![stored("ok.json", b"{}")];
    files.extend(["../up.json", "a/../../up.json", "..\\up.json"].map(|path| stored(path, b"{}")));
    check(
        &zip_of(&files),
        &["ok.json"],
        &[
            "../up.json: its path leads out of the archive; it was left out",
            "a/../../up.json: its path leads out of the archive; it was left out",
            "..\\up.json: its path leads out of the archive; it was left out",
        ],
    );
    let long = "x".repeat(1025);
    let files = ["ok.json", "/etc/passwd", "C:\\a", "a\0b", long.as_str()].map(|path| stored(path, b"{}"));
    check(
        &zip_of(&files),
        &["ok.json"],
        &[
            "/etc/passwd: its path is absolute; it was left out",
            "C:\\a: its path is absolute; it was left out",
            "a\u{fffd}b: its path has control characters; it was left out",
            &format!("{}…: its path is too long; it was left out", "x".repeat(120)),
        ],
    );
}

#[test]
fn what_is_no_plain_file_is_named() {
    let entries: [(&str, u8, &[u8]); 5] = [
        ("link", b'2', b""),
        ("hard", b'1', b""),
        ("null", b'3', b""),
        ("pipe", b'6', b""),
        ("a.json", b'0', b"{}"),
    ];
    check(
        &tar_of(&entries),
        &["a.json"],
        &[
            "link: it is a link, which is not followed; it was left out",
            "hard: it is a link, which is not followed; it was left out",
            "null: it is a device; it was left out",
            "pipe: it is a pipe; it was left out",
        ],
    );
    let files = [
        Zipped { mode: 0o120_777, ..stored("link", b"/etc/passwd") },
        Zipped { method: 14, ..stored("lzma", b"{}") },
        Zipped { checksum: 7, ..stored("changed", b"{}") },
        stored("__MACOSX/a.json", b"{}"),
        deflated("a.json", b"{}"),
    ];
    check(
        &zip_of(&files),
        &["a.json"],
        &[
            "link: it is a link, which is not followed; it was left out",
            "lzma: it is compressed in a way that is not read (method 14); it was left out",
            "changed: its checksum is wrong; it was left out",
            "__MACOSX/a.json: it is hidden; it was left out",
        ],
    );
}

#[test]
fn a_path_that_comes_twice_is_taken_twice_and_told() {
    let told = ["a.json: another file has the same path; both are taken"];
    check(&zip_of(&[stored("a.json", b"{}"), stored("./a.json", b"[]")]), &["a.json", "a.json"], &told);
}

#[test]
fn archives_in_archives_are_opened_once() {
    let third = zip_of(&[stored("deep.json", b"{}")]);
    let second = tar_of(&[("b.json", b'0', b"{}"), ("third.zip", b'0', &third)]);
    let first = zip_of(&[deflated("second.tgz", &gzip(&second)), stored("a.json", b"{}")]);
    check(
        &first,
        &["second.tgz/b.json", "a.json"],
        &["second.tgz/third.zip: a zip archive that lies in 2 others; it was left out"],
    );
    let mut cut = second.clone();
    cut.truncate(700);
    check(
        &zip_of(&[stored("cut.tar", &cut), stored("a.json", b"{}")]),
        &["cut.tar/b.json", "a.json"],
        &["cut.tar: it is broken: the end is missing; what follows was left out"],
    );
}

#[test]
fn a_bomb_goes_off_in_a_small_room() {
    let spaces = vec![b' '; 20_000];
    let bomb = zip_of(&[stored("a.json", b"{}"), deflated("bomb", &spaces), deflated("b.json", b"{}")]);
    check(
        &bomb,
        &["a.json", "b.json"],
        &[&format!(
            "bomb: it is larger than what may come out ({} bytes); it was left out",
            SMALL.grace.max(bomb.len() as u64 * 10)
        )],
    );
    let lying = zip_of(&[Zipped { size: 10, ..deflated("bomb", &spaces) }]);
    check_nothing(
        &lying,
        "nothing could be taken out of a zip archive: bomb: its size is not as stated; it was left out",
    );
    let tarred = gzip(&tar_of(&[("a.json", b'0', b"{}"), ("bomb", b'0', &spaces)]));
    check(&tarred, &["a.json"], &[": more than 2000 bytes come out of it; what follows was left out"]);
    let half = vec![b' '; 900];
    let many = zip_of(&["1", "2", "3", "4"].map(|path| deflated(path, &half)));
    let limits = Limits { ratio: 1, ..SMALL };
    let (members, end) = open(&many, limits);
    assert_eq!((members.len(), end.unwrap().warnings.len()), (2, 2), "the room is for all together");
}

#[test]
fn entries_are_counted() {
    let files = ["1", "2", "3", "4", "5", "6"].map(|path| stored(path, b"{}"));
    check(
        &zip_of(&files),
        &["1", "2", "3", "4", "5"],
        &[": it has more than 5 entries; what follows was left out"],
    );
}

#[test]
fn archives_of_something_else_are_refused() {
    let document =
        zip_of(&[stored("[Content_Types].xml", b"<Types/>"), stored("word/document.xml", b"<w/>")]);
    let told = "nothing could be taken out of a zip archive: it is an office document, whose files are no reports; \
                what follows was left out";
    check_nothing(&document, told);
    let image = tar_of(&[("blobs/sha256/0a", b'0', b"{}")]);
    let told = "nothing could be taken out of a tar archive: it is a container image, whose files are no reports; \
                what follows was left out";
    check_nothing(&image, told);
    check_nothing(&zip_of(&[]), "nothing could be taken out of a zip archive: it holds no file");
}

#[test]
fn whoever_has_enough_stops_it() {
    let raw = zip_of(&["1", "2"].map(|path| stored(path, b"{}")));
    let mut count = 0;
    let end = unpack(&raw, Kind::Zip, SMALL, &mut |_| {
        count += 1;
        false
    });
    assert_eq!((count, end), (1, Ok(Unpacked { members: 1, warnings: vec![] })));
}

#[test]
fn no_cut_and_no_flipped_byte_panics() {
    let inner = tar_of(&[("b.json", b'0', b"{}")]);
    let zipped = zip_of(&[deflated("a.json", b"{}"), stored("b.tar", &inner)]);
    let whole: [&[u8]; 4] =
        [&zipped, &inner, include_bytes!("fixtures/pax.tar.gz"), include_bytes!("fixtures/streamed.zip")];
    for raw in whole {
        for at in 0..raw.len() {
            let mut flipped = raw.to_vec();
            flipped[at] ^= 0xff;
            for hostile in [&raw[..at], &flipped[..]] {
                if let Some(kind) = recognise(hostile) {
                    let end = unpack(hostile, kind, SMALL, &mut |_| true);
                    assert!(end.is_err() || end.is_ok_and(|unpacked| unpacked.members <= SMALL.entries));
                }
            }
        }
    }
}
