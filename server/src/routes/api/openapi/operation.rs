//! How a route file describes its operations, beside its handlers.

/// One method of one address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    /// In lower case.
    pub(crate) method: &'static str,
    /// As the router has it; what stands in braces is a parameter.
    pub(crate) path: &'static str,
    /// The last segment, where several addresses differ in it alone.
    pub(crate) verb: Option<&'static str>,
    /// A stable name for generated clients.
    pub(crate) id: &'static str,
    /// Where it stands on the page.
    pub(crate) group: &'static str,
    /// What it does, in a few words.
    pub(crate) summary: &'static str,
    /// The scope that a function key needs.
    pub(crate) scope: &'static str,
    /// Parameters of the query, and headers of its own.
    pub(crate) query: &'static [Parameter],
    /// The schema of its body.
    pub(crate) body: Option<&'static str>,
    /// Statuses of success, each with its schema; no schema, no body.
    pub(crate) answers: &'static [(u16, &'static str)],
    /// Codes of its failures, those of every operation apart.
    pub(crate) problems: &'static [&'static str],
    /// Whether it takes `Idempotency-Key`.
    pub(crate) creates: bool,
    /// Whether its thing has a version: an ETag, and `If-Match` on changes.
    pub(crate) versioned: bool,
    /// Whether a provider's own answer comes back, whatever it is.
    pub(crate) passes: bool,
}

/// A parameter that may be left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// `query` or `header`.
    pub(crate) place: &'static str,
    /// What it means.
    pub(crate) words: &'static str,
    /// Its JSON type.
    pub(crate) kind: &'static str,
    /// Its format, where it has one.
    pub(crate) format: Option<&'static str>,
    /// The range of a number.
    pub(crate) range: Option<(u32, u32)>,
}

/// Parameters of every list.
pub(crate) const LIST: &[Parameter] = &[
    Parameter::text("cursor", "next_cursor of the page before"),
    Parameter {
        range: Some((1, 200)),
        kind: "integer",
        ..Parameter::text("limit", "How many things a page has; 50 where it is left out")
    },
];

impl Parameter {
    /// A text in the query.
    pub(crate) const fn text(name: &'static str, words: &'static str) -> Self {
        Self {
            name,
            place: "query",
            words,
            kind: "string",
            format: None,
            range: None,
        }
    }

    /// A time in the query.
    pub(crate) const fn time(name: &'static str, words: &'static str) -> Self {
        Self {
            format: Some("date-time"),
            ..Self::text(name, words)
        }
    }
}

impl Operation {
    /// One that needs the scope `manage`.
    pub(crate) const fn manage(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        group: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            verb: None,
            id,
            group,
            summary,
            scope: "manage",
            query: &[],
            body: None,
            answers: &[],
            problems: &[],
            creates: false,
            versioned: false,
            passes: false,
        }
    }

    /// The whole path.
    pub(crate) fn address(&self) -> String {
        match self.verb {
            Some(verb) => format!("{}/{verb}", self.path),
            None => self.path.to_owned(),
        }
    }

    /// Every code of its failures.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let mut codes = vec!["invalid_key", "forbidden_for_key", "unavailable"];
        codes.extend(self.problems);
        if self.body.is_some() {
            codes.extend(["too_large", "unsupported_media_type"]);
        }
        if self.creates {
            codes.extend(["in_progress", "idempotency_key_reused"]);
        }
        if self.address().contains('{') {
            codes.push("unknown_path");
        }
        codes
    }

    /// Names of the parameters in its path.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect()
    }

    /// Headers that it takes.
    pub(crate) fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = Vec::new();
        if self.creates {
            headers.push((
                "Idempotency-Key",
                "A name for this request: sent again within a day, it gets the same answer",
            ));
        }
        if self.versioned && self.method != "get" {
            headers.push(("If-Match", "The ETag that the change was made from"));
        }
        headers
    }
}
