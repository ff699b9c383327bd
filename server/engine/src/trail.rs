//! The audit record as a list.

use domain::id::AuditId;

use crate::{
    Engine,
    actor::Insider,
    error::EngineError,
    page::{self, Paged},
    store::audit::{AuditFilter, AuditLine},
};

impl Engine {
    /// A page of the audit record, the newest first: lines older than `before`, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn audit_page(
        &self,
        insider: &impl Insider,
        filter: &AuditFilter,
        before: Option<AuditId>,
        most: usize,
    ) -> Result<Paged<AuditLine>, EngineError> {
        let mut tx = self.store.begin(insider.organization()).await?;
        let lines = tx.audit_before(filter, before, page::wanted(most)).await?;
        Ok(Paged::cut(lines, most))
    }
}
