//! Project Wycheproof's vectors for ECDSA with P-256 and SHA-256, through the public door and with every back end:
//! signatures that an implementation is known to have got wrong.
//!
//! A signature may be refused where it enters, by its type, or where it is checked; the vectors do not say where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use sigv4a::{Provider, Signature, VerifyingKey};
use wycheproof::{
    EllipticCurve, HashFunction, TestResult,
    ecdsa::{Test, TestFlag, TestGroup, TestGroupTypeId, TestName, TestSet},
};

/// How many valid and how many invalid signatures version 0.7.0 has. A case that appears or goes must be looked at.
const CASES: (usize, usize) = (174, 310);

/// The same for every flag. Some cases have two.
const FLAGS: [(TestFlag, usize, usize); 17] = [
    (TestFlag::ArithmeticError, 84, 14),
    (TestFlag::BerEncodedSignature, 0, 7),
    (TestFlag::EdgeCasePublicKey, 24, 0),
    (TestFlag::EdgeCaseShamirMultiplication, 1, 0),
    (TestFlag::IntegerOverflow, 0, 5),
    (TestFlag::InvalidEncoding, 0, 92),
    (TestFlag::InvalidSignature, 0, 64),
    (TestFlag::InvalidTypesInSignature, 0, 63),
    (TestFlag::MissingZero, 0, 1),
    (TestFlag::ModifiedInteger, 0, 5),
    (TestFlag::ModifiedSignature, 0, 48),
    (TestFlag::ModularInverse, 15, 0),
    (TestFlag::PointDuplication, 1, 6),
    (TestFlag::RangeCheck, 0, 6),
    (TestFlag::SmallRandS, 8, 0),
    (TestFlag::SpecialCaseHash, 54, 0),
    (TestFlag::ValidSignature, 10, 0),
];

/// A P-256 signature in DER has no more bytes.
const LONGEST: usize = 72;

#[test]
fn every_case_with_every_back_end() {
    let groups = groups();
    for provider in Provider::all() {
        let mut tally = Tally::default();
        for group in &groups {
            let key = VerifyingKey::from_sec1(&group.key.key, provider).unwrap();
            for test in &group.tests {
                tally.add(test, &key);
            }
        }
        tally.finish(provider);
    }
}

/// The groups, which are what this test takes them for.
fn groups() -> Vec<TestGroup> {
    let set = TestSet::load(TestName::EcdsaSecp256r1Sha256).unwrap();
    for group in &set.test_groups {
        assert_eq!(group.test_type, TestGroupTypeId::Ecdsa);
        assert_eq!((group.key.curve, group.key.key_size), (EllipticCurve::Secp256r1, 256));
        assert_eq!(group.hash, HashFunction::Sha2_256);
    }
    set.test_groups
}

/// What one back end said.
#[derive(Default)]
struct Tally {
    right: usize,
    refused_at_the_door: usize,
    wrong: Vec<String>,
    results: Vec<TestResult>,
    flags: Vec<(TestFlag, TestResult)>,
}

impl Tally {
    fn add(&mut self, test: &Test, key: &VerifyingKey) {
        let accepted = match Signature::from_bytes(&test.sig) {
            Ok(signature) => key.verifies(&test.msg, &signature),
            Err(_) => {
                self.refused_at_the_door += 1;
                false
            }
        };
        match accepted == is_to_be_accepted(test.result) {
            true => self.right += 1,
            false => {
                let said = if accepted { "accepted" } else { "refused" };
                self.wrong.push(format!("{} ({}, {:?}): {said}", test.tc_id, test.comment, test.flags));
            }
        }
        assert!(test.sig.len() <= LONGEST || Signature::from_bytes(&test.sig).is_err(), "{}: too long", test.tc_id);
        self.results.push(test.result);
        self.flags.extend(test.flags.iter().map(|flag| (*flag, test.result)));
    }

    /// Compares with what must be there, and with what must be said.
    fn finish(self, provider: Provider) {
        let (name, right, total, door) = (provider.name(), self.right, self.results.len(), self.refused_at_the_door);
        println!("{name}: {right} of {total} as Wycheproof has it; {door} refused before any cryptography");
        assert_eq!(self.wrong, Vec::<String>::new(), "{name}");
        assert_eq!(right, total, "{name}");

        let count = |result| self.results.iter().filter(|found| **found == result).count();
        assert_eq!((count(TestResult::Valid), count(TestResult::Invalid)), CASES);
        for (flag, valid, invalid) in FLAGS {
            let count = |result| self.flags.iter().filter(|found| **found == (flag, result)).count();
            assert_eq!((count(TestResult::Valid), count(TestResult::Invalid)), (valid, invalid), "{flag:?}");
        }
        // Nothing has another result, nothing another flag.
        assert_eq!(total, CASES.0 + CASES.1);
        assert_eq!(self.flags.len(), FLAGS.iter().map(|(_, valid, invalid)| valid + invalid).sum::<usize>());
    }
}

/// `Acceptable` is what some refuse by policy, and so do we: AWS's signers make strict DER, and whatever else is taken is
/// a second form of the same signature. Version 0.7.0 has none.
fn is_to_be_accepted(result: TestResult) -> bool {
    match result {
        TestResult::Valid => true,
        TestResult::Invalid | TestResult::Acceptable => false,
    }
}
