//! Photos of locations, as they were encoded.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};

/// A photo, re-encoded.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PhotoRow {
    /// Random, so that nobody finds what is not shown to him.
    pub id: String,
    /// Whose.
    pub partner_id: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// JPEG.
    pub bytes: Vec<u8>,
    /// Whether an approved place shows it: 0 or 1.
    pub is_public: i64,
    /// When it came.
    pub created_s: i64,
}

impl Store {
    /// Keeps a photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_photo(&self, photo: &PhotoRow) -> Result<(), StoreError> {
        let p = photo;
        on_write_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO photos (id, partner_id, width, height, bytes, is_public, created_s) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&p.id).bind(&p.partner_id).bind(p.width).bind(p.height).bind(&p.bytes).bind(p.is_public)
            .bind(p.created_s).execute(pool).await?;
        });
        Ok(())
    }

    /// A photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_photo(&self, id: &str) -> Result<Option<PhotoRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, partner_id, width, height, bytes, is_public, created_s FROM photos WHERE id = $1",
        ).bind(id).fetch_optional(pool).await?))
    }

    /// Forgets photos of a month ago that nothing names: no approved place shows them, and no revision does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep_unnamed_photos(&self, now_s: i64) -> Result<(), StoreError> {
        const KEPT_S: i64 = 30 * 86_400;
        on_write_pool!(self, pool => {
            sqlx::query(
                "DELETE FROM photos WHERE is_public = 0 AND created_s < $1 AND NOT EXISTS (SELECT 1 FROM revisions r \
                 WHERE r.partner_id = photos.partner_id AND CAST(r.content AS TEXT) LIKE '%' || photos.id || '%')",
            )
            .bind(now_s - KEPT_S).execute(pool).await?;
        });
        Ok(())
    }
}

impl Tx {
    /// Lets everybody see a photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn publish_photo(&mut self, id: &str, partner_id: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE photos SET is_public = 1 WHERE id = $1 AND partner_id = $2")
                .bind(id).bind(partner_id).execute(conn).await?;
        });
        Ok(())
    }
}
