-- One row per contract, holder and change.
select
    uid as contract_id,
    acheteur_id as buyer_siret,
    objet as subject,
    montant as amount_euros,
    datenotification as notified_on,
    codecpv as cpv_code,
    nature as contract_kind,
    procedure as award_procedure,
    donneesactuelles as is_current,
    titulaire_id as holder_id,
    titulaire_typeidentifiant as holder_id_type,
    titulaire_categorie as holder_size
from raw.public_procurement
